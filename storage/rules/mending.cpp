#include "base/log.hpp"
#include "base/ulid.hpp"
#include "storage/rules/changer.hpp"

#include <algorithm>
#include <set>
#include <utility>

/// Brings single places together with the rows again.
namespace mediad::storage {
namespace {

bool is_in_store(const place& where) {
  return where.folder.rfind("store/", 0) == 0;
}

/// The user's name, which of the four folders, and the path below it.
struct shown_folder {
  std::string user;
  std::string kind;
  std::string path;
};

shown_folder parse_shown(const std::string& folder) {
  shown_folder parsed;
  std::string_view rest{folder};
  const auto take = [&rest] {
    const auto step = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), step.size() + 1));
    return std::string{step};
  };
  take();
  parsed.user = take();
  parsed.kind = take();
  parsed.path = rest;
  return parsed;
}

} // namespace

// Folders before what is in them where something is made; after it where something is removed.
result<applied> changer::operator()(const mending& wanted) {
  applied done;
  const std::set<std::string> paths(wanted.paths.begin(), wanted.paths.end());
  std::vector<place> unknown;
  for (const auto& path : paths) {
    const auto where = place_of(path);
    if (where.folder == staging_folder) {
      if (auto ok = mend_upload(where.name, done); !ok)
        return fail(ok.error());
      continue;
    }
    if (auto ok = steps_.settle(); !ok)
      return fail(ok.error());
    const auto promised = promised_at(rows_, where);
    if (!promised) {
      log::error("storage", promised.error());
      continue;
    }
    if (*promised && (*promised)->what == promise::kind::nothing)
      unknown.push_back(where);
    else if (*promised)
      if (auto ok = mend(where, **promised, wanted.relinks, done); !ok)
        log::warning("storage", ok.error().detail);
  }
  for (auto where = unknown.rbegin(); where != unknown.rend(); ++where) {
    const auto there = context_.root.look(*where);
    if (!there)
      log::warning("storage", there.error().detail);
    else if (*there)
      remove_ours(*where, **there, done);
  }
  return done;
}

/// An upload that waits for bytes, but has not those that it said it has.
result<> changer::mend_upload(const std::string& id, applied& done) {
  const auto r = find(id);
  if (!r || r->state != status::receiving)
    return r || r.error().code == errc::not_found ? result<>{} : fail(r.error());
  const auto state = rows_.find_upload(id);
  if (!state && state.error().code != errc::not_found)
    return fail(state.error());
  const auto there = context_.root.look(staging_place(id));
  if (!there)
    return fail(there.error());
  if (*there && (*there)->is_regular && (!state || (*there)->bytes >= state->offset))
    return {};
  log::error(id, "bytes of this unfinished upload are gone: it is given up");
  ++done.removed;
  const auto gone = (*this)(removal{id});
  return gone ? result<>{} : fail(gone.error());
}

void changer::remove_ours(const place& where, const file_facts& there, applied& done) {
  if (is_in_store(where)) {
    steps_.remove_later(where);
    ++done.removed;
  } else if (there.is_folder) {
    // Whatever else a person keeps in it stays. A start has made the four folders of a user who has
    // left, for the user's own was still there.
    if (where.folder == "users")
      for (const auto kind : user_folders)
        steps_.remove_if_empty_later({where.path(), std::string{kind}});
    steps_.remove_if_empty_later(where);
  } else if (there.is_ours()) {
    steps_.remove_later(where);
    ++done.removed;
  } else {
    log::debug("storage", "left alone, as it is not ours: " + where.path());
  }
}

/// What is missing in the store no name can make good: that is for an inspection.
result<> changer::mend(const place& where, const promise& promised, bool relinks, applied& done) {
  if (is_in_store(where))
    return {};
  if (promised.what == promise::kind::folder) {
    // What a person has put in its place stays.
    if (const auto there = context_.root.look(where); !there || *there)
      return {};
    const auto at = parse_shown(where.folder);
    return in_folders(at.user, at.path, [&] { return steps_.make(where); });
  }
  if (is_as_shown(where, promised, relinks))
    return {};
  auto shown = show(*promised.stored, where);
  done.made += shown ? 1 : 0;
  return shown;
}

bool changer::is_as_shown(const place& where, const promise& promised, bool relinks) const {
  const auto there = context_.root.look(where);
  const auto stored = context_.root.look(*promised.stored);
  // There is nothing to link, or the file system does not tell.
  if (!there || !stored || !*stored || !(*stored)->is_regular || (*stored)->bytes != promised.bytes)
    return true;
  if (!*there)
    return false;
  if (!(*there)->is_ours())
    return true;
  return (*there)->bytes == promised.bytes && (!relinks || (*there)->inode == (*stored)->inode);
}

result<> changer::show(const place& stored, const place& where) {
  const auto at = parse_shown(where.folder);
  // The folder of a file's renditions is no folder of the person's.
  if (at.kind == "renditions") {
    const auto shown = place_of(where.folder);
    const auto above = parse_shown(shown.folder);
    if (auto ok = in_folders(above.user, above.path, [&] { return steps_.make(shown); }); !ok)
      return ok;
    return steps_.link(stored, where);
  }
  return in_folders(at.user, at.path, [&] { return steps_.link(stored, where); });
}

} // namespace mediad::storage
