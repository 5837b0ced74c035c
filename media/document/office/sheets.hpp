#pragma once

#include "base/error.hpp"
#include "media/job/module.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <vector>

namespace mediad::media::office {

/// Writes each sheet of a workbook into job::output_dir as CSV (RFC 4180, UTF-8, as the cells are
/// shown): `sheet-1.csv` …, at most document_options::sheets, added to @p files; their names go
/// into @p facts as `sheets`, in the same order. Nothing for a document that is no workbook. What
/// LibreOffice cannot write, or not in time, is left out: the pages of the document are there
/// already.
/// @param left of the document's time_for(), after its other conversions.
/// @returns errc::storage_io, errc::internal as convert() does.
result<> add_sheets(const job& work, const job_context& context, std::chrono::milliseconds left,
                    nlohmann::json& facts, std::vector<made_file>& files);

} // namespace mediad::media::office
