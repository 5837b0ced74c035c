#include "base/audit.hpp"

namespace mediad {

std::string_view to_string(audit_act a) {
  switch (a) {
  case audit_act::signed_in: return "session.begun";
  case audit_act::signed_out: return "session.left";
  case audit_act::sign_in_failed: return "session.refused";
  case audit_act::password_changed: return "password.changed";
  case audit_act::session_ended: return "session.ended";
  case audit_act::token_made: return "token.made";
  case audit_act::token_ended: return "token.ended";
  case audit_act::user_added: return "user.added";
  case audit_act::user_changed: return "user.changed";
  case audit_act::user_removed: return "user.removed";
  case audit_act::file_deleted: return "file.deleted";
  case audit_act::notice_sent: return "notice.sent";
  case audit_act::share_made: return "share.made";
  case audit_act::share_changed: return "share.changed";
  case audit_act::share_ended: return "share.ended";
  case audit_act::link_made: return "link.made";
  case audit_act::signed_in_by_link: return "session.begun_by_link";
  case audit_act::second_factor_on: return "second_factor.on";
  case audit_act::second_factor_off: return "second_factor.off";
  case audit_act::recovery_code_used: return "recovery_code.used";
  case audit_act::reloaded: return "server.reloaded";
  case audit_act::share_refused: return "share.refused";
  }
  return "";
}

} // namespace mediad
