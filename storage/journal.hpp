#pragma once

#include "base/error.hpp"
#include "storage/folders.hpp"
#include "storage/journal_segment.hpp"

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

namespace mediad::storage {

class database;

/// What a journal needs to know.
struct journal_settings {
  std::uint64_t bytes = 0; ///< On disk, of all segments; 0: there is none, and append() is busy.
  std::uint64_t min_free_bytes = 0; ///< It is not made where less would be left.
};

/// The journal of small bodies: they are durable once they are in here, together with all that
/// arrive at the same time, by one sync of one file; their own files, and the folders of these,
/// are synced later and all at once. Thread-safe.
///
/// A ticket stands for one body and grows with time. It covers the body from await(ticket) until
/// the segment that holds it is used again, which is not before what is in the store was synced.
class journal {
public:
  static constexpr std::uint64_t max_body_bytes = journal_segment::max_body_bytes;

  /// Opens the segments of an earlier run, whose records must have been replayed; makes new ones
  /// only when there is something to append.
  static result<std::shared_ptr<journal>> open(const std::filesystem::path& root,
                                               const journal_settings& s);

  journal(const journal&) = delete;
  journal& operator=(const journal&) = delete;
  /// Syncs nothing: the next start replays what has to be.
  ~journal();

  /// Writes one body on the caller's thread, without waiting for the disk's cache.
  /// @returns a ticket, never 0; errc::busy if there is no room just now, errc::too_large above
  ///          max_body_bytes: then the body's own file has to be synced. Any other error: the
  ///          journal is out of service.
  result<std::uint64_t> append(std::string_view sha256, std::string_view body);

  /// Waits until the ticket's body is durable.
  /// @returns an error, from then on always, if a sync failed: nothing is certain then.
  result<> await(std::uint64_t ticket);

  /// While it lives no segment is used again, so what covers() says stays true. One at a time.
  class pin {
  public:
    explicit pin(journal& of);
    pin(const pin&) = delete;
    pin& operator=(const pin&) = delete;
    ~pin();

  private:
    journal& journal_;
  };

  /// False: the ticket's segment is about to be used again, and the body's file must be synced as
  /// if there were no ticket. Only under a pin.
  bool covers(std::uint64_t ticket) const;

private:
  struct lap {
    std::optional<journal_segment> segment;
    std::uint64_t used = 0;     ///< Where the next record goes.
    std::uint64_t last = 0;     ///< The newest ticket; 0: no record yet.
    unsigned writing = 0;       ///< Records that are being written.
    std::uint64_t unsynced = 0; ///< Bytes.
    bool free = false;          ///< Nothing in it is needed any more.
  };
  struct reservation {
    lap* in = nullptr;
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
  };
  using clock = std::chrono::steady_clock;

  journal(folders root, const journal_settings& s) : root_{std::move(root)}, settings_{s} {}
  std::uint64_t segment_bytes() const {
    return settings_.bytes / laps_.size() / journal_segment::block_bytes
           * journal_segment::block_bytes;
  }
  result<> open_segments();
  result<reservation> reserve(std::uint64_t length);
  void change_over();
  void sync_loop(const std::stop_token& stop);

  // One thread looks after the segments: journal_care.cpp.
  void care_loop(const std::stop_token& stop);
  bool are_segments_missing() const;
  void make_segments(std::unique_lock<std::mutex>& lock);
  void retire(std::unique_lock<std::mutex>& lock, const std::stop_token& stop);

  const folders root_;
  const journal_settings settings_;

  mutable std::mutex guard_;
  std::condition_variable_any written_;  ///< For the sync thread.
  std::condition_variable_any attended_; ///< For the thread that looks after the segments.
  std::condition_variable synced_;       ///< For await().
  std::array<lap, 2> laps_;
  lap* current_ = nullptr;  ///< Where records go; none: there is no segment, or none is free.
  lap* retiring_ = nullptr; ///< What is to be made free.
  bool wanted_ = false;     ///< There was something to append and no segment.
  clock::time_point next_making_;
  clock::time_point last_append_;
  std::uint64_t unsynced_bytes_ = 0; ///< Including what is being written.
  std::uint64_t last_ticket_ = 0;
  std::uint64_t synced_ticket_ = 0;
  std::uint64_t awaited_ticket_ = 0;
  std::uint64_t retired_ticket_ = 0;
  bool pinned_ = false;
  std::uint64_t pins_gone_ = 0;
  std::optional<error> write_failed_;
  std::optional<error> sync_failed_;
  std::jthread sync_thread_;
  std::jthread care_thread_;
};

/// At the start, before anything else is compared: whatever the database knows and the journal
/// still holds is in the store afterwards, durably.
/// @returns how many bodies had to be written again.
result<std::size_t> replay_journal(const folders& root, const database& db);

/// Where segment @p number is.
place journal_place(std::size_t number);

} // namespace mediad::storage
