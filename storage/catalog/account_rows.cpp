#include "storage/catalog/rows.hpp"
#include "storage/catalog/tags.hpp"

/// What is stored of users, of what they show to be who they are, of what they did, of their
/// folders, and of what they share.
namespace mediad {

// Found by argument-dependent look-up from tagged.hpp, as the rows are of this namespace.

template <class Fields>
void describe(Fields& fields, user_row& user) {
  namespace tag = storage::user_tag;
  fields(tag::name, user.name);
  fields(tag::created_at, user.created_at);
  fields(tag::display_name, user.display_name);
  fields(tag::role, user.role, user_role::member);
  fields(tag::quota, user.quota, std::uint64_t{0});
  fields(tag::disabled_at, user.disabled_at, unix_ms{0});
  fields(tag::password, user.password);
  fields(tag::password_at, user.password_at, unix_ms{0});
  fields(tag::leaving_since, user.leaving_since, unix_ms{0});
  fields(tag::link_digest, user.link_digest);
  fields(tag::link_expires_at, user.link_expires_at, unix_ms{0});
  fields(tag::totp_secret, user.totp_secret);
  fields(tag::totp_at, user.totp_at, unix_ms{0});
  fields(tag::totp_step, user.totp_step, std::uint64_t{0});
  fields(tag::recovery, user.recovery);
}

template <class Fields>
void describe(Fields& fields, audit_row& noted) {
  namespace tag = storage::audit_tag;
  fields(tag::at, noted.at);
  fields(tag::act, noted.act);
  fields(tag::user, noted.user);
  fields(tag::name, noted.name);
  fields(tag::credential, noted.credential);
  fields(tag::address, noted.address);
  fields(tag::about, noted.about);
  fields(tag::count, noted.count, std::uint64_t{1});
}

template <class Fields>
void describe(Fields& fields, credential_row& credential) {
  namespace tag = storage::credential_tag;
  fields(tag::user, credential.user);
  fields(tag::kind, credential.kind);
  fields(tag::digest, credential.digest);
  fields(tag::name, credential.name);
  fields(tag::scopes, credential.scopes);
  fields(tag::created_at, credential.created_at);
  fields(tag::expires_at, credential.expires_at, unix_ms{0});
  fields(tag::used_at, credential.used_at, unix_ms{0});
  fields(tag::proved_at, credential.proved_at, unix_ms{0});
  fields(tag::address, credential.address);
  fields(tag::agent, credential.agent);
  fields(tag::folder, credential.folder);
  fields(tag::by_link, credential.by_link, false);
}

template <class Fields>
void describe(Fields& fields, share_row& share) {
  namespace tag = storage::share_tag;
  fields(tag::user, share.user);
  fields(tag::digest, share.digest);
  fields(tag::allow, share.allow);
  fields(tag::files, share.files);
  fields(tag::name, share.name);
  fields(tag::created_at, share.created_at);
  fields(tag::expires_at, share.expires_at, unix_ms{0});
  fields(tag::password, share.password);
  fields(tag::credential, share.credential);
  fields(tag::originals, share.originals, false);
  fields(tag::max_files, share.max_files, std::uint64_t{0});
  fields(tag::max_bytes, share.max_bytes, std::uint64_t{0});
  fields(tag::profiles, share.profiles, std::uint64_t{0});
  fields(tag::sent_files, share.sent_files, std::uint64_t{0});
  fields(tag::sent_bytes, share.sent_bytes, std::uint64_t{0});
  fields(tag::uses, share.uses, std::uint64_t{0});
  fields(tag::used_at, share.used_at, unix_ms{0});
  fields(tag::folder, share.folder);
}

template <class Fields>
void describe(Fields& fields, folder_row& folder) {
  namespace tag = storage::folder_tag;
  fields(tag::user, folder.user);
  fields(tag::parent, folder.parent);
  fields(tag::name, folder.name);
  fields(tag::created_at, folder.created_at);
}

} // namespace mediad

namespace mediad::storage {

std::string encode(const user_row& u) {
  return to_value(u);
}

result<user_row> parse_user(std::string_view id, std::string_view value) {
  return from_value_of<user_row>(id, value, "users");
}

std::string encode(const credential_row& c) {
  return to_value(c);
}

result<credential_row> parse_credential(std::string_view id, std::string_view value) {
  return from_value_of<credential_row>(id, value, "credentials");
}

std::string encode(const audit_row& a) {
  return to_value(a);
}

result<audit_row> parse_audit(std::string_view id, std::string_view value) {
  return from_value_of<audit_row>(id, value, "audit");
}

std::string encode(const share_row& s) {
  return to_value(s);
}

result<share_row> parse_share(std::string_view id, std::string_view value) {
  return from_value_of<share_row>(id, value, "shares");
}

std::string encode(const folder_row& f) {
  return to_value(f);
}

result<folder_row> parse_folder(std::string_view id, std::string_view value) {
  return from_value_of<folder_row>(id, value, "folders");
}

} // namespace mediad::storage
