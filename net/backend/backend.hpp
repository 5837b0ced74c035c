#pragma once

#include "actors/protocol.hpp"
#include "base/error.hpp"
#include "net/backend/services.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

/// What requests want of the actors. Each wait ends after options.request_timeout with
/// errc::timeout.
namespace mediad::net {

/// May another upload of this user, by id, begin? errc::busy: not now.
boost::asio::awaitable<result<>> admit(services& shared, std::string user);

/// Has the storage owner apply a change.
boost::asio::awaitable<result<storage::applied>> apply_change(services& shared,
                                                              storage::change what);

/// Has the storage owner apply several changes at once, which one commit makes durable, or a few;
/// one answer each, in order, or none at all if the server is stopping.
boost::asio::awaitable<std::vector<result<storage::applied>>>
apply_changes(services& shared, std::vector<storage::change> some);

/// A new `receiving` record with its empty staging file.
boost::asio::awaitable<result<file_record>> begin_upload(services& shared,
                                                         storage::new_upload wanted);

/// More of a resumable upload is durable in staging; once this returns, its record says so, too.
boost::asio::awaitable<result<file_record>> record_appended(services& shared, storage::appended a);

/// Hands bodies that are in staging over, all at once; one answer each, in order: its registered
/// record.
boost::asio::awaitable<std::vector<result<file_record>>>
accept_bodies(services& shared, std::vector<received_body> bodies);

boost::asio::awaitable<result<file_record>> cancel_file(services& shared, std::string id);
boost::asio::awaitable<result<file_record>> retry_file(services& shared, std::string id);
boost::asio::awaitable<result<file_record>> remove_file(services& shared, std::string id);

/// How far processing is; errc::not_found if it is not under way.
boost::asio::awaitable<result<stage_progress>> live_progress(services& shared, std::string id);

boost::asio::awaitable<result<event>> post_notice(services& shared, storage::notice n);

// These return at once.

/// Ends the requests under way whose callers have shown what counts no more: a token that was
/// revoked, say. To be called after every change of users or credentials.
void end_what_counts_no_more(services& shared);
/// The same for credentials that have just expired. To be called about every half second.
void end_what_has_expired(services& shared);
/// Notes that a credential is in use, which puts off the end of a session.
void note_use(const storage_actor& storage, const credential_row& known);
/// Counts a guest who has opened a share.
void note_share_use(services& shared, const std::string& id);
/// Has the storage count those that wait for it, or @p all. To be called about every half second.
void flush_share_uses(services& shared, bool all = false);
/// Forgets an upload that was begun and never handed over.
void drop_upload(services& shared, std::string id);
/// Undoes a file that was handed over.
void drop_file(services& shared, std::string id);
/// Tells subscribers how many bytes have come.
void announce(services& shared, live_event e);
/// Tells the actor of early previews which bytes of a file are in staging now. Does nothing if the
/// server makes none.
void announce_growth(services& shared, growth g);

} // namespace mediad::net
