#pragma once

#include "net/http/exchange.hpp"
#include "net/http/problems.hpp"

#include <chrono>

/// What only a person may do who has just given a password: make tokens, change passwords and
/// users. So a stolen cookie does not become a credential that lasts.
namespace mediad::net::people {

inline constexpr std::chrono::minutes proof_lasts{15};

inline constexpr problem password_needed{
  403, "password_needed", "Sign in again first: this needs your password, given a moment ago."};
inline constexpr problem session_needed{403, "session_needed",
                                        "A token cannot do this; sign in with a password."};

inline constexpr problem too_many_tries{429, "too_many_tries",
                                        "Too many passwords were tried; wait a little."};

/// @returns nothing if the caller has given the password within the last 15 minutes, or if no
///          user has one; else what to answer.
std::optional<problem> find_missing_proof(const exchange& x);

/// Before others are let in: a person has given the password as above; a program has the right, or
/// the request would not be here.
std::optional<problem> find_missing_leave(const exchange& x);

} // namespace mediad::net::people
