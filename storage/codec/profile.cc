// One pass over the values for all counts.
#include "storage/codec/profile.h"

#include <algorithm>

namespace stave {

NodeProfile::NodeProfile(const NodeValues& values) : values_(values) {
  visit(values, [&](auto span) {
    using T = typename decltype(span)::value_type;
    std::uint32_t changes = 0;
    for (std::size_t i = 1; i < span.size(); ++i) {
      changes += same_value(span[i - 1], span[i]) ? 0U : 1U;
    }
    runs_ = changes + 1;
    if constexpr (std::is_same_v<T, std::uint32_t> || std::is_same_v<T, std::int64_t>) {
      const auto [low, high] = std::minmax_element(span.begin(), span.end());
      min_ = static_cast<std::int64_t>(*low);
      spread_ = static_cast<std::uint64_t>(*high) - static_cast<std::uint64_t>(*low);
    }
    if constexpr (std::is_same_v<T, std::string_view>) {
      for (const std::string_view text : span) {
        text_bytes_ += text.size();
      }
    }
  });
}

}  // namespace stave
