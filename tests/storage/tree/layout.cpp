#define CAF_SUITE storage_tree_layout

#include "storage/tree/layout.hpp"

#include "tests/storage/scene.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace mediad;
using namespace mediad::storage;
namespace fs = std::filesystem;

namespace {

using reports = std::vector<folder_report>;

struct fixture : tests::temp_root {
  fs::path root = path / "data";

  void create() {
    create_layout(root).value();
    const auto tree = folders::open(root).value();
    create_user_folders(tree, "local").value();
  }

  static bool is_private_folder(const fs::path& folder) {
    struct stat about {};
    return ::lstat(folder.c_str(), &about) == 0 && S_ISDIR(about.st_mode)
           && (about.st_mode & ALLPERMS) == 0750;
  }

  static bool all_sound(const reports& all) {
    return !all.empty()
           && std::all_of(all.begin(), all.end(), [](const auto& r) { return r.problem.empty(); });
  }

  bool names(const reports& all, const fs::path& relative) const {
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& r) { return r.folder == root / relative; });
  }

  std::string problem_of(const reports& all, const fs::path& relative) const {
    for (const auto& r : all)
      if (r.folder == root / relative)
        return r.problem;
    return "not reported";
  }

  std::string refusal() const {
    settings s;
    s.root = root;
    const auto opened = store::open(s);
    return opened ? "" : opened.error().detail;
  }

  void replace_by_file(const fs::path& relative) const {
    fs::remove_all(root / relative);
    tests::scene::write(root / relative, "in the way");
  }
};

/// Runs @p check in a child process of its own, so that what it gives up stays given up there.
template <class Check>
int in_child(Check check) {
  const auto child = ::fork();
  if (child == 0)
    ::_exit(check());
  int how = -1;
  ::waitpid(child, &how, 0);
  return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

constexpr int as_expected = 0;
constexpr int not_as_expected = 1;
constexpr int not_possible_here = 2;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(layout_tests, fixture)

CAF_TEST(the root user folder and its sub folders are created and found sound) {
  create();
  for (const auto* name : {"users", "users/local", "users/local/originals", "users/local/previews",
                           "users/local/renditions", "users/local/archives"})
    CAF_CHECK(is_private_folder(root / name));
  const auto all = check_user_root(root);
  CAF_CHECK(all_sound(all));
  CAF_CHECK_EQUAL(all.size(), 6u);
  CAF_CHECK(names(all, "users/local/archives"));
}

CAF_TEST(the root store folder and its sub folders are created and found sound) {
  create();
  for (const auto* kind : {"blobs", "previews", "renditions", "archives"}) {
    CAF_CHECK(is_private_folder(root / "store" / kind / "00"));
    CAF_CHECK(is_private_folder(root / "store" / kind / "ff"));
    const auto shards = std::distance(fs::directory_iterator{root / "store" / kind}, {});
    CAF_CHECK_EQUAL(shards, 256);
  }
  const auto all = check_store_root(root);
  CAF_CHECK(all_sound(all));
  CAF_CHECK_EQUAL(all.size(), 5u);
}

CAF_TEST(the root system folder and its sub folders are created and found sound) {
  create();
  for (const auto* kind : {"db", "staging", "work", "quarantine", "trash", "logs"})
    CAF_CHECK(is_private_folder(root / "system" / kind));
  const auto all = check_system_root(root);
  CAF_CHECK(all_sound(all));
  CAF_CHECK_EQUAL(all.size(), 7u);
}

CAF_TEST(checking leaves nothing behind) {
  create();
  check_user_root(root);
  check_store_root(root);
  check_system_root(root);
  const auto files = std::count_if(fs::recursive_directory_iterator{root}, {},
                                   [](const auto& entry) { return !entry.is_directory(); });
  CAF_CHECK_EQUAL(files, 0);
}

CAF_TEST(a missing user sub folder is made again by the next start) {
  create();
  fs::remove(root / "users/local/previews");
  CAF_CHECK_EQUAL(problem_of(check_user_root(root), "users/local/previews"), "it does not exist");
  CAF_CHECK_EQUAL(refusal(), "");
  CAF_CHECK(is_private_folder(root / "users/local/previews"));
}

CAF_TEST(a file in the place of a user sub folder is named and stops the start) {
  create();
  replace_by_file("users/local/originals");
  CAF_CHECK_EQUAL(problem_of(check_user_root(root), "users/local/originals"), "it is not a folder");
  CAF_CHECK(contains(refusal(), (root / "users/local/originals").string()));
}

CAF_TEST(a file in the place of a store shard is named and stops the start) {
  create();
  replace_by_file("store/previews/7f");
  CAF_CHECK_EQUAL(problem_of(check_store_root(root), "store/previews/7f"), "it is not a folder");
  CAF_CHECK(contains(refusal(), (root / "store/previews/7f").string()));
}

CAF_TEST(a file in the place of a system sub folder is named and stops the start) {
  create();
  replace_by_file("system/staging");
  CAF_CHECK_EQUAL(problem_of(check_system_root(root), "system/staging"), "it is not a folder");
  CAF_CHECK(contains(refusal(), (root / "system/staging").string()));
}

CAF_TEST(a symlink in the place of a folder is named and stops the start) {
  create();
  fs::remove(root / "users/local/archives");
  fs::create_directory_symlink(path, root / "users/local/archives");
  const auto problem = problem_of(check_user_root(root), "users/local/archives");
  CAF_CHECK(contains(problem, "symbolic link"));
  CAF_CHECK(contains(refusal(), (root / "users/local/archives").string()));
}

CAF_TEST(a root that is a symlink to a folder is fine) {
  fs::create_directory(path / "elsewhere");
  fs::create_directory_symlink(path / "elsewhere", root);
  CAF_CHECK_EQUAL(refusal(), "");
  CAF_CHECK(is_private_folder(path / "elsewhere/store/blobs/00"));
}

CAF_TEST(nobody finds a part of the folder of a new user) {
  create();
  const auto tree = folders::open(root).value();
  std::atomic<bool> is_over{false};
  std::thread looking{[&] {
    while (!is_over)
      if (!all_sound(check_user_root(root)))
        return;
    is_over = false;
  }};
  constexpr int many = 30;
  for (int i = 0; i < many; ++i)
    create_user_folders(tree, "user" + std::to_string(i)).value();
  is_over = true;
  looking.join();
  CAF_CHECK(!is_over);
}

CAF_TEST(two that make the same user at once are both content) {
  create();
  const auto tree = folders::open(root).value();
  constexpr int many = 30;
  std::atomic<int> refusals{0};
  const auto make_all = [&] {
    for (int i = 0; i < many; ++i)
      if (!create_user_folders(tree, "user" + std::to_string(i)))
        ++refusals;
  };
  std::thread other{make_all};
  make_all();
  other.join();
  CAF_CHECK_EQUAL(refusals.load(), 0);
  CAF_CHECK(all_sound(check_user_root(root)));
}

CAF_TEST(a user whose folder was left unfinished gets a whole one) {
  create_layout(root).value();
  fs::create_directories(root / "users/.local/originals");
  create_user_folders(folders::open(root).value(), "local").value();
  CAF_CHECK(!fs::exists(root / "users/.local"));
  CAF_CHECK(is_private_folder(root / "users/local/archives"));
  CAF_CHECK(all_sound(check_user_root(root)));
}

CAF_TEST(a hidden file among the users is nobody) {
  create();
  tests::scene::write(root / "users/.DS_Store", "x");
  CAF_CHECK(all_sound(check_user_root(root)));
}

CAF_TEST(a folder that the server may not write to is named) {
  create();
  fs::permissions(root / "store/blobs/c0", fs::perms{0550});
  fs::permissions(root / "system/work", fs::perms{0550});
  // Root may write everywhere, so another user has to look.
  constexpr uid_t nobody = 65534;
  if (::geteuid() == 0) {
    ::chown(path.c_str(), nobody, nobody);
    ::chown(root.c_str(), nobody, nobody);
    for (const auto& entry : fs::recursive_directory_iterator{root})
      ::chown(entry.path().c_str(), nobody, nobody);
  }
  const auto verdict = in_child([&] {
    if (::geteuid() == 0 && ::setresuid(nobody, nobody, nobody) != 0)
      return not_possible_here;
    const bool named =
      contains(problem_of(check_store_root(root), "store/blobs/c0"), "not writable")
      && contains(problem_of(check_system_root(root), "system/work"), "not writable")
      && problem_of(check_system_root(root), "system/staging").empty();
    return named ? as_expected : not_as_expected;
  });
  CAF_CHECK_EQUAL(verdict, as_expected);
}

CAF_TEST(another file system in the place of a user folder is named) {
  create();
  const auto verdict = in_child([&] {
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0
        || ::mount("none", (root / "users/local").c_str(), "tmpfs", 0, "mode=0777") != 0)
      return not_possible_here;
    const auto problem = problem_of(check_user_root(root), "users/local");
    return contains(problem, "another file system") ? as_expected : not_as_expected;
  });
  if (verdict == not_possible_here)
    CAF_MESSAGE("no mount namespaces here: not tested");
  else
    CAF_CHECK_EQUAL(verdict, as_expected);
}

CAF_TEST(a bind mount in the place of a store folder is named although its device is the same) {
  create();
  const auto verdict = in_child([&] {
    const auto folder = root / "store/blobs";
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0
        || ::mount(folder.c_str(), folder.c_str(), nullptr, MS_BIND, nullptr) != 0)
      return not_possible_here;
    const auto problem = problem_of(check_store_root(root), "store/blobs");
    return contains(problem, "another file system") ? as_expected : not_as_expected;
  });
  if (verdict == not_possible_here)
    CAF_MESSAGE("no mount namespaces here: not tested");
  else
    CAF_CHECK_EQUAL(verdict, as_expected);
}

CAF_TEST(every broken folder is named at once) {
  create();
  fs::remove_all(root / "store/blobs/aa");
  replace_by_file("store/blobs/bb");
  replace_by_file("store/archives");
  const auto refused = check_layout(root);
  CAF_REQUIRE(!refused);
  CAF_CHECK(contains(refused.error().detail, "store/blobs/aa"));
  CAF_CHECK(contains(refused.error().detail, "store/blobs/bb"));
  CAF_CHECK(contains(refused.error().detail, "store/archives"));
}

CAF_TEST_FIXTURE_SCOPE_END()
