#pragma once

#include "base/error.hpp"
#include "media/document/office/convert.hpp"
#include "media/settings.hpp"

/// A LibreOffice that has been started before its document comes, and ends after it: a process's
/// companion (see job_companion). It is told what to do the way a second `soffice` would tell it:
/// over the socket that LibreOffice keeps for that (desktop/source/app/officeipcthread.cxx).
namespace mediad::media::office {

/// Becomes that LibreOffice, with /tmp as its home. Returns only if it cannot.
void exec_office(const worker_settings& options);

/// Waits until the office with the home @p folder is ready: connects to it and keeps the
/// connection, so that nothing is left to open when the document comes. Gives up when it has ended,
/// or after office_options::timeout_s.
void await_office(const worker_settings& options, int folder);

/// Whether there is an office for this process that is still alive, and @p input is not too large
/// for its folder.
bool is_ready_for(const opened_file& input);

/// Converts as convert() does, once: only after is_ready_for.
result<> convert_in_ready_office(const conversion& what, const office_options& options);

} // namespace mediad::media::office
