#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdexcept>
#include <string>

namespace mediad::tests {

/// A certificate that signs itself, and its key, as PEM files.
struct certificate {
  std::filesystem::path file;
  std::filesystem::path key;

  /// @param seconds  from now until it ends; may be negative.
  certificate(const std::filesystem::path& folder, const std::string& name, long seconds = 86'400)
    : file{folder / (name + ".pem")}, key{folder / (name + ".key")} {
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> pair{EVP_EC_gen("P-256"), EVP_PKEY_free};
    const std::unique_ptr<X509, void (*)(X509*)> made{X509_new(), X509_free};
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -2L * 86'400);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), seconds);
    X509_set_pubkey(made.get(), pair.get());
    auto* subject = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(made.get(), subject);
    const auto names = "DNS:" + name;
    auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
    X509_add_ext(made.get(), extension, -1);
    X509_EXTENSION_free(extension);
    if (X509_sign(made.get(), pair.get(), EVP_sha256()) == 0)
      throw std::runtime_error{"no certificate"};
    const auto write = [](const std::filesystem::path& to, auto each) {
      const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out{std::fopen(to.c_str(), "we"),
                                                                std::fclose};
      each(out.get());
    };
    write(file, [&](std::FILE* out) { PEM_write_X509(out, made.get()); });
    write(key, [&](std::FILE* out) {
      PEM_write_PrivateKey(out, pair.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    std::filesystem::permissions(key, std::filesystem::perms{0600});
  }
};

} // namespace mediad::tests
