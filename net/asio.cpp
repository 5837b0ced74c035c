// The one translation unit that compiles what Asio and Beast keep out of their headers under
// *_SEPARATE_COMPILATION (see net/CMakeLists.txt).
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
