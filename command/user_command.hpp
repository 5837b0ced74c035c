#pragma once

#include "config/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// `mediad user …`: each has a running server do it, or does it itself if none runs, and returns
/// the exit status. A password is read from standard input, without the end of its line.
namespace mediad::command {

struct user_request {
  std::string name;
  bool is_admin = false;
  std::string quota; ///< As `10GiB`; empty: none.
  bool password_stdin = false;
  bool as_json = false;
  std::string called; ///< What a token is called.
  std::vector<std::string> scopes;
  bool delete_files = false;
  std::string heir; ///< Name of the user who gets the files; empty: none.
  bool off = false; ///< Turns it off.
  std::string page; ///< Address by which people call the server; empty: where it listens.
};

/// The first one that is added must be an admin, and becomes the user to whom all belonged so far.
int add_user(const config::settings& s, const user_request& r);
int list_users(const config::settings& s, const user_request& r);
int set_password(const config::settings& s, const user_request& r);
int set_quota(const config::settings& s, const user_request& r);
int disable_user(const config::settings& s, const user_request& r);
int enable_user(const config::settings& s, const user_request& r);
/// Removes a user for good; the request says what becomes of the files.
int remove_user(const config::settings& s, const user_request& r);
/// Prints the token, which cannot be shown again.
int make_token(const config::settings& s, const user_request& r);
/// Lets a user sign in by the password alone, who has lost what makes the codes.
int turn_totp_off(const config::settings& s, const user_request& r);
/// Prints a link by which the user signs in once, which cannot be shown again.
int make_link(const config::settings& s, const user_request& r);

} // namespace mediad::command
