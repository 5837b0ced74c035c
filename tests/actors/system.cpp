#define CAF_SUITE actors_system

#include "actors/system.hpp"

#include "actors/config.hpp"
#include "actors/errors.hpp"
#include "base/file.hpp"
#include "base/sha256.hpp"
#include "tests/temp_root.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <mutex>

using namespace mediad;
using namespace std::chrono_literals;

namespace {

constexpr auto limit = 30s;

/// A worker that makes one small file for every job, in place of a process.
codec_worker_actor make_fake_worker(caf::actor_system& sys) {
  return sys.spawn([](codec_worker_actor::pointer) -> codec_worker_actor::behavior_type {
    return {
      [](run_atom, const media::job& j, const progress_sink&) {
        media::job_result r;
        r.profile = profile::image;
        r.media_type = "image/jpeg";
        if (j.kind == media::job_kind::identify)
          return r;
        made_file made;
        made.name = std::string{to_string(j.kind)} + ".bin";
        std::ofstream{std::filesystem::path{j.output_dir} / made.name} << made.name;
        made.bytes = made.name.size();
        made.media_type = "image/webp";
        made.sha256 = *sha256_of_file(std::filesystem::path{j.output_dir} / made.name);
        r.files.push_back(made);
        return r;
      },
      [](caf::open_atom) {},
      [](caf::close_atom) {},
    };
  });
}

/// A session that keeps what it hears and lets the test wait for the end of a story.
struct listener {
  std::mutex guard;
  std::vector<event> heard;
  std::promise<void> ended;

  session_actor spawn(caf::actor_system& sys) {
    return sys.spawn([this](session_actor::pointer) -> session_actor::behavior_type {
      return {
        [this](const event& e) {
          const std::lock_guard lock{guard};
          heard.push_back(e);
          if (e.type == "file.ready" || e.type == "file.failed")
            ended.set_value();
        },
        [](const live_event&) {},
      };
    });
  }

  std::vector<std::string> types() {
    const std::lock_guard lock{guard};
    std::vector<std::string> all;
    for (const auto& e : heard)
      all.push_back(e.type);
    return all;
  }
};

struct fixture : tests::temp_root {
  actors::config cfg;
  caf::actor_system sys{cfg};
  actors::settings settings;
  std::promise<std::string> death;
  std::string user; ///< Id of ann.

  actors::system_deps deps() {
    storage::settings s;
    s.root = path;
    s.map_bytes = std::size_t{64} << 20U;
    auto opened = storage::store::open(s);
    CAF_REQUIRE(opened);
    user = opened->user_id("ann").value();
    actors::system_deps d;
    d.store = std::make_shared<storage::store>(std::move(*opened));
    d.on_death = [this](const std::string& who) {
      death.set_value(who);
    };
    d.make.worker = [](caf::actor_system& in, const actors::worker_command&,
                       const actors::input_opener&) {
      return actors::codec_worker{make_fake_worker(in), [](std::uint64_t) {},
                                  [] {
                                  }};
    };
    return d;
  }

  template <class Reply, class Handle, class... Args>
  result<Reply> ask(const Handle& to, Args... args) {
    result<Reply> answer = fail(errc::internal, "no answer");
    caf::scoped_actor self{sys};
    self->request(to, limit, args...)
      .receive([&](Reply& r) { answer = result<Reply>{std::move(r)}; },
               [&](const caf::error& e) { answer = result<Reply>{fail(from_caf(e))}; });
    return answer;
  }

  // A body as net hands it in: in staging, synced and hashed.
  received_body receive(const actors::system& running, const storage::view& files) {
    storage::new_upload upload;
    upload.user = user;
    upload.name = "beach.jpg";
    const auto begun = ask<storage::applied>(running.storage(), storage::change{upload});
    CAF_REQUIRE(begun);
    const auto& id = begun->record.id;
    const auto staging = files.staging_path(id);
    std::ofstream{staging} << "pixels";
    received_body body;
    body.id = id;
    body.bytes = 6;
    body.sha256 = *sha256_of_file(staging);
    return body;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(system_tests, fixture)

CAF_TEST(a body goes through every actor to ready and its session hears the whole story) {
  auto d = deps();
  const auto files = d.store->reader();
  auto running = actors::system::start(sys, settings, std::move(d));
  CAF_REQUIRE(running);
  listener ann;
  auto session = ann.spawn(sys);
  CAF_REQUIRE(ask<std::uint64_t>(running->notifier(), caf::subscribe_atom_v, session,
                                 event_filter{user, {}}));
  const auto body = receive(*running, files);
  CAF_REQUIRE(ask<file_record>(running->dispatcher(), accept_atom_v, body));
  CAF_REQUIRE(ann.ended.get_future().wait_for(limit) == std::future_status::ready);
  const std::vector<std::string> story{"file.registered", "file.processing", "file.preview",
                                       "file.ready"};
  CAF_CHECK_EQUAL(ann.types(), story);
  const auto record = files.find(body.id);
  CAF_REQUIRE(record);
  CAF_CHECK(record->state == status::ready);
  CAF_CHECK(files.open_archive(*record));
  caf::anon_send_exit(session, caf::exit_reason::user_shutdown);
  running->stop();
}

CAF_TEST(what was unfinished when the system stopped is finished by the next) {
  received_body body;
  {
    auto d = deps();
    const auto files = d.store->reader();
    // Its workers never answer: the file stays unfinished.
    d.make.pool = [](caf::actor_system& in, const actors::lane_settings&,
                     const actors::codec_pool_deps&) -> codec_pool_actor {
      return in.spawn([](codec_pool_actor::pointer self) -> codec_pool_actor::behavior_type {
        return {
          [self](run_atom, const media::job& j, lane,
                 const progress_sink&) -> caf::result<media::job_result> {
            if (j.kind == media::job_kind::identify)
              return media::job_result{};
            return self->make_response_promise<media::job_result>();
          },
          [](cancel_atom, const std::string&) {},
        };
      });
    };
    auto stuck = actors::system::start(sys, settings, std::move(d));
    CAF_REQUIRE(stuck);
    body = receive(*stuck, files);
    CAF_REQUIRE(ask<file_record>(stuck->dispatcher(), accept_atom_v, body));
    stuck->stop();
  }
  auto d = deps();
  const auto files = d.store->reader();
  listener ann;
  const auto session = std::make_shared<session_actor>(ann.spawn(sys));
  // The session is there before the dispatcher takes anything up.
  d.make.notifier = [session, user = user](caf::actor_system& in, actors::notifier_deps made) {
    auto notifier = actors::spawn_notifier(in, std::move(made));
    caf::anon_send(notifier, caf::subscribe_atom_v, *session, event_filter{user, {}});
    return notifier;
  };
  auto running = actors::system::start(sys, settings, std::move(d));
  CAF_REQUIRE(running);
  CAF_REQUIRE(ann.ended.get_future().wait_for(limit) == std::future_status::ready);
  CAF_CHECK(files.find(body.id)->state == status::ready);
  caf::anon_send_exit(*session, caf::exit_reason::user_shutdown);
  running->stop();
}

CAF_TEST(every part can be replaced and gets the settings that were given) {
  settings.lanes.preview = 7;
  settings.processing.max_attempts = 9;
  auto d = deps();
  std::vector<std::string> made;
  d.make.notifier = [&](caf::actor_system& in, actors::notifier_deps x) {
    made.push_back("notifier");
    return actors::spawn_notifier(in, std::move(x));
  };
  d.make.storage = [&](caf::actor_system& in, actors::storage_owner_deps x) {
    made.push_back("storage");
    return actors::spawn_storage_owner(in, std::move(x));
  };
  std::uint32_t lanes = 0;
  d.make.pool = [&](caf::actor_system& in, actors::lane_settings s, actors::codec_pool_deps x) {
    made.push_back("pool");
    lanes = s.preview;
    return actors::spawn_codec_pool(in, s, std::move(x));
  };
  std::uint32_t attempts = 0;
  d.make.dispatcher = [&](caf::actor_system& in, actors::processing_settings s,
                          actors::dispatcher_deps x) {
    made.push_back("dispatcher");
    attempts = s.max_attempts;
    return actors::spawn_dispatcher(in, s, std::move(x));
  };
  auto running = actors::system::start(sys, settings, std::move(d));
  CAF_REQUIRE(running);
  running->stop();
  const std::vector<std::string> order{"notifier", "storage", "pool", "dispatcher"};
  CAF_CHECK_EQUAL(made, order);
  CAF_CHECK_EQUAL(lanes, 7u);
  CAF_CHECK_EQUAL(attempts, 9u);
}

CAF_TEST(the supervisor and the processors are made by the makers too) {
  auto d = deps();
  const auto files = d.store->reader();
  std::atomic<int> uploads = 0;
  std::promise<profile> processed;
  d.make.upload = [&](caf::actor_system& in, actors::processing_settings s, actors::upload_deps x) {
    ++uploads;
    return actors::spawn_upload(in, s, std::move(x));
  };
  d.make.processor = [&](caf::actor_system& in, profile kind, actors::processor_deps x) {
    processed.set_value(kind);
    return actors::spawn_processor(in, kind, std::move(x));
  };
  auto running = actors::system::start(sys, settings, std::move(d));
  CAF_REQUIRE(running);
  const auto body = receive(*running, files);
  CAF_REQUIRE(ask<file_record>(running->dispatcher(), accept_atom_v, body));
  auto kind = processed.get_future();
  CAF_REQUIRE(kind.wait_for(limit) == std::future_status::ready);
  CAF_CHECK(kind.get() == profile::image);
  CAF_CHECK_EQUAL(uploads.load(), 1);
  running->stop();
}

CAF_TEST(the death of a part that everything rests on is told) {
  auto d = deps();
  auto running = actors::system::start(sys, settings, std::move(d));
  CAF_REQUIRE(running);
  caf::anon_send_exit(running->storage(), caf::exit_reason::kill);
  auto who = death.get_future();
  CAF_REQUIRE(who.wait_for(limit) == std::future_status::ready);
  CAF_CHECK_EQUAL(who.get(), "storage");
  running->stop();
}

CAF_TEST_FIXTURE_SCOPE_END()
