// Rows that hold what another column made us expect take nothing; the others are exceptions, stored
// side by side, so that they may have any codec. Bytes: format-spec/codecs/predicted.md.
#include <algorithm>
#include <vector>

#include "storage/codec/codec_functions.h"
#include "storage/codec/positions.h"
#include "storage/codec/profile.h"

namespace stave {
namespace {

template <typename T>
struct Exceptions {
  std::vector<std::uint32_t> positions;
  std::vector<T> values;
};

template <typename T>
Exceptions<T> find_exceptions(std::span<const T> values, std::span<const T> guesses) {
  Exceptions<T> exceptions;
  for (std::uint32_t row = 0; row < values.size(); ++row) {
    if (values[row] != guesses[row]) {
      exceptions.positions.push_back(row);
      exceptions.values.push_back(values[row]);
    }
  }
  return exceptions;
}

// Calls `use` with values and guesses, where there are guesses for this kind.
template <typename Use>
void with_guesses(const NodeProfile& profile, Use use) {
  visit(profile.values(), [&](auto values) {
    using T = std::remove_const_t<typename decltype(values)::element_type>;
    if constexpr (kHasFrame<T>) {
      if (profile.prediction() != nullptr &&
          profile.prediction()->guesses<T>().size() == values.size()) {
        use(values, profile.prediction()->guesses<T>());
      }
    }
  });
}

}  // namespace

std::optional<double> estimate_predicted(const NodeProfile& profile) {
  std::optional<double> bytes;
  with_guesses(profile, [&](auto values, auto guesses) {
    if (profile.is_recalled()) {
      bytes = 0;
      return;
    }
    const auto exceptions = find_exceptions(values, guesses);
    bytes =
        1 + estimate_positions(static_cast<double>(exceptions.positions.size()), profile.rows());
    if (!exceptions.values.empty()) {
      const NodeProfile others(std::span(std::as_const(exceptions.values)), profile.aim());
      *bytes += estimate_inner(others.sample(), profile.aim()) * others.sample_weight();
    }
  });
  return bytes;
}

void encode_predicted(const NodeProfile& profile, NodeEncoder& encoder) {
  with_guesses(profile, [&](auto values, auto guesses) {
    const auto exceptions = find_exceptions(values, guesses);
    write_positions(exceptions.positions, profile.rows(), encoder);
    if (!exceptions.values.empty()) {
      encoder.write_node(std::span(std::as_const(exceptions.values)));
    }
  });
}

bool decode_predicted(NodeDecoder& decoder, const NodeTarget& target) {
  return visit(target, [&](auto out) {
    using T = typename decltype(out)::element_type;
    if constexpr (kHasFrame<T>) {
      const auto guesses = decoder.root_guesses<T>();
      if (guesses.size() != out.size()) {
        return decoder.damaged("Values were predicted, and there is no prediction for them.");
      }
      std::copy(guesses.begin(), guesses.end(), out.begin());
      const auto positions = read_positions(target.rows, decoder);
      if (!positions) {
        return false;
      }
      if (positions->empty()) {
        return true;
      }
      const auto exceptions = decoder.arena().template take<T>(positions->size());
      if (!decoder.read_node(exceptions)) {
        return false;
      }
      for (std::size_t i = 0; i < exceptions.size(); ++i) {
        out[(*positions)[i]] = exceptions[i];
      }
      return true;
    } else {
      return decoder.damaged("Values of this kind are never predicted.");
    }
  });
}

bool pick_predicted(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target) {
  return visit(target, [&](auto out) {
    using T = typename decltype(out)::element_type;
    if constexpr (kHasFrame<T>) {
      const auto guesses = decoder.root_guesses<T>();
      if (guesses.size() != wanted.rows && guesses.size() != wanted.at.size()) {
        return decoder.damaged("Values were predicted, and there is no prediction for them.");
      }
      const bool are_of_all = guesses.size() == wanted.rows;
      for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = guesses[are_of_all ? wanted.at[i] : i];
      }
      const auto positions = read_positions(wanted.rows, decoder);
      if (!positions || positions->empty()) {
        return positions.has_value();
      }
      // The wanted among the exceptions, and where they go.
      const auto picked = decoder.arena().template take<std::uint32_t>(wanted.at.size());
      const auto places = decoder.arena().template take<std::uint32_t>(wanted.at.size());
      std::size_t count = 0;
      for (std::uint32_t i = 0; i < wanted.at.size(); ++i) {
        const auto found = std::ranges::lower_bound(*positions, wanted.at[i]);
        if (found == positions->end() || *found != wanted.at[i]) continue;
        picked[count] = static_cast<std::uint32_t>(found - positions->begin());
        places[count++] = i;
      }
      const auto exceptions = decoder.arena().template take<T>(count);
      const WantedRows among{static_cast<std::uint32_t>(positions->size()), picked.first(count)};
      if (!decoder.pick_node(among, exceptions)) {
        return false;
      }
      for (std::size_t i = 0; i < count; ++i) {
        out[places[i]] = exceptions[i];
      }
      return true;
    } else {
      return decoder.damaged("Values of this kind are never predicted.");
    }
  });
}

}  // namespace stave
