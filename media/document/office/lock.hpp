#pragma once

#include "base/file.hpp"

namespace mediad::media::office {

/// Whether an office file is encrypted, so that it needs a password: OpenDocument
/// (`encryption-data` in META-INF/manifest.xml), Apple's iWork, Office 2007 and later (an OLE file
/// with a stream `EncryptedPackage`, [MS-OFFCRYPTO] 2.3.4.4), and the old Word, Excel and
/// PowerPoint formats. False also for a file that cannot be read.
bool is_locked_file(const opened_file& file);

} // namespace mediad::media::office
