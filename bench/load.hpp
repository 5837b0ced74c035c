#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

/// The programs inside upload_load. Each runs to its end, and gives what to print.
namespace mediad::bench {

struct load {
  enum class door { post, put, tus };
  door by = door::post;
  boost::asio::ip::tcp::endpoint server;
  std::string path = "/";
  std::size_t connections = 1;
  std::uint64_t count = 1;              ///< Uploads or requests altogether.
  std::uint64_t body_bytes = 0;         ///< Bytes of each upload.
  bool patch = false;                   ///< tus: an empty creation first, then PATCH.
  std::chrono::milliseconds pause{0};   ///< Pause of each connection between two GETs.
  std::chrono::seconds time_limit{120}; ///< Whatever has not ended then has failed.
};

/// Uploads bodies that all differ.
nlohmann::ordered_json upload(const load& wanted);
/// Gets one path over and over: until the count is reached, or standard input ends.
nlohmann::ordered_json get(const load& wanted);
/// Begins uploads, leaves them unfinished, and holds them until standard input ends. Prints a line
/// of its own once all have begun.
nlohmann::ordered_json hold_idle(const load& wanted);
/// SHA-256 of so many bytes with the library that mediad uses, in pieces of the size it uses.
nlohmann::ordered_json hash(std::uint64_t bytes);

} // namespace mediad::bench
