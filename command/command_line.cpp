#include "command/command_line.hpp"

#include "command/config_command.hpp"
#include "command/copy_commands.hpp"
#include "command/doctor.hpp"
#include "command/keys_command.hpp"
#include "command/print.hpp"
#include "command/serve.hpp"
#include "command/status.hpp"
#include "command/user_command.hpp"
#include "config/load.hpp"

#include <CLI/CLI.hpp>
#include <functional>
#include <unistd.h>

namespace mediad::command {

namespace {

/// What `--config` and `--set` said, and what the rest of the command line asks for.
struct request {
  std::string file;
  std::vector<std::string> assignments;
  bool toml_reference = false;
  bool status_as_json = false;
  bool restores_database = false;
  std::string copy;
  bool doctor_verifies = false;
  bool forgets_keys = false;
  user_request user;
  std::function<int()> action;

  config::loaded load() const {
    config::sources from;
    if (!file.empty())
      from.file = file;
    from.variables = config::variables_in(environ);
    from.assignments = assignments;
    return config::load(from);
  }

  /// Runs @p command with the settings, or says what is wrong with them.
  template <class Command>
  int with_settings(Command command) const {
    const auto loaded = load();
    return loaded.problems.empty() ? command(loaded.values) : complain(loaded.problems, exit_usage);
  }
};

CLI::App* add_command(CLI::App& parent, request& r, const char* name, const char* about,
                      std::function<int()> action) {
  auto* added = parent.add_subcommand(name, about);
  added->fallthrough();
  // Done once everything is parsed: options may come after the command.
  added->callback([&r, action = std::move(action)] { r.action = action; });
  return added;
}

void add_config_commands(CLI::App& app, request& wanted) {
  auto* config = app.add_subcommand("config", "Check, show or explain the settings");
  config->fallthrough();
  config->require_subcommand(1);
  add_command(*config, wanted, "check", "Report every mistake in the settings",
              [&wanted] { return config_check(wanted.load()); });
  add_command(*config, wanted, "show", "Print the settings in force and where each comes from",
              [&wanted] { return config_show(wanted.load()); });
  auto* reference =
    add_command(*config, wanted, "reference", "Print the page that explains every option",
                [&wanted] { return config_reference(wanted.toml_reference); });
  reference->add_flag("--toml", wanted.toml_reference, "as a settings file with every default");
}

void add_copy_commands(CLI::App& app, request& wanted) {
  add_command(app, wanted, "copy",
              "Make a good copy of the database now, also beside a running server",
              [&wanted] { return wanted.with_settings(copy); });
  add_command(app, wanted, "index",
              "Make the lists of all files anew; only without a running server",
              [&wanted] { return wanted.with_settings(make_index); });
  auto* restore = add_command(
    app, wanted, "restore",
    "Put a copy of the database in its place, and give all files that it does not know a record",
    [&wanted] {
      if (!wanted.restores_database)
        return complain({"say what is to be restored: mediad restore --database [COPY]"},
                        exit_usage);
      return wanted.with_settings(
        [&wanted](const config::settings& s) { return restore_copy(s, wanted.copy); });
    });
  restore
    ->add_option_function<std::string>(
      "--database",
      [&wanted](const std::string& named) {
        wanted.restores_database = true;
        wanted.copy = named;
      },
      "The copy: its name in system/copies, or a folder (default: the newest)")
    ->expected(0, 1)
    ->type_name("[COPY]");
}

void add_user_commands(CLI::App& app, request& wanted) {
  auto* user = app.add_subcommand("user", "See and change who may sign in");
  user->fallthrough();
  user->require_subcommand(1);
  const auto add = [&](const char* name, const char* about,
                       int (*does)(const config::settings&, const user_request&)) {
    return add_command(*user, wanted, name, about, [&wanted, does] {
      return wanted.with_settings([&](const config::settings& s) { return does(s, wanted.user); });
    });
  };
  const auto named = [&](CLI::App* command) {
    command->add_option("NAME", wanted.user.name, "the user's name")->required();
    return command;
  };
  const auto with_password = [&](CLI::App* command) {
    command->add_flag("--password-stdin", wanted.user.password_stdin,
                      "read the password from standard input");
    return command;
  };
  auto* made = with_password(named(add("add", "Add a user; the first is an admin", add_user)));
  made->add_flag("--admin", wanted.user.is_admin,
                 "may see and change all that concerns the server");
  made->add_option("--quota", wanted.user.quota, "most bytes of files, as 10GiB")
    ->type_name("SIZE");
  add("list", "List all users", list_users)->add_flag("--json", wanted.user.as_json, "as JSON");
  with_password(named(add("password", "Give a user another password", set_password)));
  named(add("disable", "End all that a user does, and let the user sign in no more", disable_user));
  named(add("enable", "Let a disabled user sign in again", enable_user));
  named(add("quota", "Limit the bytes of a user's files", set_quota))
    ->add_option("SIZE", wanted.user.quota, "as 10GiB, or none")
    ->required();
  auto* gone =
    named(add("remove", "Remove a user, and say what becomes of the files", remove_user));
  gone->add_flag("--delete-files", wanted.user.delete_files, "delete all files of the user");
  gone
    ->add_option("--hand-over", wanted.user.heir,
                 "give them to another user, in a folder of the name")
    ->type_name("OTHER");
  named(add("link", "Make a link by which a user signs in once, within a day", make_link))
    ->add_option("--page", wanted.user.page, "address of the page, as https://media.example");
  named(add("totp", "Let a user sign in without codes, who has lost them", turn_totp_off))
    ->add_flag("--off", wanted.user.off, "turn them off");
  auto* token = named(add("token", "Make a token for a program of the user's", make_token));
  token->add_option("--called", wanted.user.called, "what the token is called")->required();
  token->add_option("--scope", wanted.user.scopes, "a right of the token: upload, read, write …")
    ->required()
    ->delimiter(',')
    ->type_name("SCOPE");
}

void add_key_commands(CLI::App& app, request& wanted) {
  auto* keys = app.add_subcommand("keys", "Change what signs addresses and upload tickets");
  keys->fallthrough();
  keys->require_subcommand(1);
  add_command(*keys, wanted, "rotate",
              "From now on another key signs; what is signed already goes on",
              [&wanted] {
                return wanted.with_settings([&wanted](const config::settings& s) {
                  return rotate_keys(s, wanted.forgets_keys);
                });
              })
    ->add_flag("--forget", wanted.forgets_keys, "end all that was signed so far");
}

void describe(CLI::App& app, request& wanted) {
  app.set_version_flag("--version", "mediad " MEDIAD_VERSION);
  app
    .add_option("--config", wanted.file,
                "Settings file (default: config/mediad.toml, if it is there)")
    ->type_name("FILE");
  app.add_option("--set", wanted.assignments, "Set one option; may be repeated")
    ->type_name("SECTION.KEY=VALUE")
    ->allow_extra_args(false)
    ->take_all();
  add_command(app, wanted, "serve", "Run the server (what happens without a command)",
              [&wanted] { return wanted.with_settings(serve); });
  add_command(app, wanted, "doctor",
              "Check folders, database, files and tools, then send a file of every profile through "
              "a system of its own",
              [&wanted] {
                return wanted.with_settings([&wanted](const config::settings& s) {
                  return doctor(s, wanted.doctor_verifies);
                });
              })
    ->add_flag("--verify", wanted.doctor_verifies,
               "read all stored bytes, too (storage.verify_rate)");
  add_command(app, wanted, "status", "Tell what the running server does, and what is stored",
              [&wanted] {
                return wanted.with_settings([&wanted](const config::settings& s) {
                  return status(s, wanted.status_as_json);
                });
              })
    ->add_flag("--json", wanted.status_as_json, "as JSON");
  add_copy_commands(app, wanted);
  add_user_commands(app, wanted);
  add_key_commands(app, wanted);
  add_config_commands(app, wanted);
  app.require_subcommand(0, 1);
}

} // namespace

int run(int argc, const char* const* argv) {
  CLI::App app{"mediad takes files, keeps them, makes previews and renditions, and tells who "
               "listens how that goes.",
               "mediad"};
  request r;
  describe(app, r);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? exit_ok : exit_usage;
  }
  try {
    return r.action ? r.action() : r.with_settings(serve);
  } catch (const std::exception& e) {
    return complain({e.what()}, exit_failed);
  }
}

} // namespace mediad::command
