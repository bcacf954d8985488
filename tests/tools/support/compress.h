// Texts compressed as the programs of that name do.
#pragma once

#include <boost/iostreams/filter/bzip2.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filter/zstd.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <sstream>
#include <string>
#include <string_view>

namespace stave::testing {

template <typename Compressor>
std::string compressed(std::string_view text, const Compressor& compressor) {
  std::ostringstream out;
  {
    boost::iostreams::filtering_ostream filter;
    filter.push(compressor);
    filter.push(out);
    filter << text;
  }
  return out.str();
}

inline std::string gzipped(std::string_view text, int level = 6) {
  return compressed(text, boost::iostreams::gzip_compressor(level));
}
inline std::string bzipped(std::string_view text) {
  return compressed(text, boost::iostreams::bzip2_compressor());
}
// A frame that does not say its content's size, as from a pipe.
inline std::string zstd_streamed(std::string_view text) {
  return compressed(text, boost::iostreams::zstd_compressor());
}

}  // namespace stave::testing
