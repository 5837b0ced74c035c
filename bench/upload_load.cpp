#include <nlohmann/json.hpp>

#include <CLI/CLI.hpp>
#include <iostream>
#include <limits>

#include "bench/load.hpp"

namespace {

using mediad::bench::load;

/// What every program that talks to a server is told.
CLI::App* add_program(CLI::App& app, const std::string& name, const std::string& about,
                      load& wanted) {
  auto* const program = app.add_subcommand(name, about);
  program
    ->add_option_function<std::uint16_t>(
      "--port", [&wanted](const std::uint16_t& port) { wanted.server.port(port); },
      "port of 127.0.0.1")
    ->required();
  program->add_option("--path", wanted.path, "target of the requests")->required();
  program->add_option("--connections", wanted.connections, "at once")->check(CLI::Range(1, 10'000));
  program->add_option("--count", wanted.count, "altogether");
  program->add_option("--bytes", wanted.body_bytes, "of each body");
  program->add_option_function<unsigned>(
    "--time-limit",
    [&wanted](const unsigned& seconds) { wanted.time_limit = std::chrono::seconds{seconds}; },
    "in seconds; 120");
  return program;
}

} // namespace

int main(int argc, char** argv) try {
  load wanted;
  wanted.server.address(boost::asio::ip::address_v4::loopback());
  CLI::App app{"Load for servers that take uploads; prints what it measured as JSON, and ends with "
               "1 if any request failed."};
  app.require_subcommand(1);
  nlohmann::ordered_json out;

  const auto add_door = [&](const std::string& name, load::door by, const std::string& about) {
    auto* const program = add_program(app, name, about, wanted);
    program->callback([&out, &wanted, by] {
      wanted.by = by;
      out = upload(wanted);
    });
    return program;
  };
  add_door("post", load::door::post, "POST of raw bodies to <path>?name=<unique>");
  add_door("put", load::door::put, "PUT of raw bodies to <path><unique>");
  add_door("tus", load::door::tus, "tus 1.0: creation with upload")
    ->add_flag("--patch", wanted.patch, "creation without a body, then PATCH");

  auto* const gets = add_program(app, "get", "GETs of <path> until standard input ends", wanted);
  gets->add_option_function<unsigned>(
    "--pause-ms",
    [&wanted](const unsigned& pause) { wanted.pause = std::chrono::milliseconds{pause}; },
    "of each connection, between two GETs");
  gets->callback([&, gets] {
    if (gets->count("--count") == 0)
      wanted.count = std::numeric_limits<std::uint64_t>::max();
    out = get(wanted);
  });
  add_program(app, "idle", "POSTs of which 1 KiB is sent; held until standard input ends", wanted)
    ->callback([&] { out = hold_idle(wanted); });
  auto* const hashing = app.add_subcommand("hash", "SHA-256, in memory");
  hashing->add_option("--bytes", wanted.body_bytes, "altogether")->required();
  hashing->callback([&] { out = mediad::bench::hash(wanted.body_bytes); });

  CLI11_PARSE(app, argc, argv);
  std::cout << out.dump() << std::endl;
  return out["failures"] == 0 ? 0 : 1;
} catch (const std::exception& e) {
  std::cerr << e.what() << '\n';
  return 1;
}
