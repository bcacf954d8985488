// Dense codes for values of any type; see the header.
#include "engine/aggregate/value_encoder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <string_view>
#include <variant>

#include "engine/aggregate/group_rows.h"
#include "engine/aggregate/result_vector.h"
#include "engine/kernels/bucket.h"
#include "engine/operators/ordered_bits.h"
#include "engine/operators/text_order.h"

namespace stave {
namespace {

// Integers of at most this many different values are shifted rather than interned.
constexpr std::uint64_t kWidestRange = std::uint64_t{1} << 24;
// Values that are steps apart are mostly few beside their range, and arrays by code would be empty.
constexpr std::uint64_t kMostSteps = std::uint64_t{1} << 20;
constexpr std::uint32_t kMostCodes = std::numeric_limits<std::uint32_t>::max() - 1;

// How many steps there are from the first to the last value of a narrow range.
std::optional<std::uint32_t> steps_of(const ColumnShape& shape) {
  if (!shape.range || shape.range->first > shape.range->second) return std::nullopt;
  const auto [first, last] = *shape.range;
  const auto steps = (static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first)) /
                     static_cast<std::uint64_t>(shape.step);
  const bool has_code_before = first >= std::numeric_limits<std::int64_t>::min() + shape.step;
  const std::uint64_t most = shape.step == 1 ? kWidestRange : kMostSteps;
  if (steps >= most || !has_code_before) return std::nullopt;
  return static_cast<std::uint32_t>(steps);
}

// Equal values have equal bits: one zero and one not-a-number.
std::int64_t canonical_bits(double value) {
  if (value == 0) value = 0;
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  return std::bit_cast<std::int64_t>(value);
}

struct IntegerHash {
  using is_avalanching = void;
  std::size_t operator()(std::int64_t value) const {
    const UInt128 product =
        static_cast<UInt128>(static_cast<std::uint64_t>(value) ^ 0x2545F4914F6CDD1DULL) *
        0x9E3779B97F4A7C15ULL;
    return static_cast<std::size_t>(product >> 64) ^ static_cast<std::size_t>(product);
  }
};

struct WideHash {
  using is_avalanching = void;
  std::size_t operator()(Int128 value) const {
    const IntegerHash hash;
    const auto high = static_cast<std::int64_t>(value >> 64);
    return hash(static_cast<std::int64_t>(value) ^
                static_cast<std::int64_t>(hash(high ^ 0x5851F42D4C957F2D)));
  }
};

template <typename T, typename Hash>
struct TypedInterner {
  boost::unordered_flat_map<T, std::uint32_t, Hash> codes;
  std::vector<T> values = std::vector<T>(1);  // by code
};

int sign_of(bool less, bool greater) {
  return less ? -1 : (greater ? 1 : 0);
}

// Order of f64 where not-a-number comes after every number.
int compare_float64(double left, double right) {
  if (std::isnan(left) || std::isnan(right)) {
    return static_cast<int>(std::isnan(left)) - static_cast<int>(std::isnan(right));
  }
  return sign_of(left<right, left> right);
}

}  // namespace

struct ValueEncoder::Interner {
  std::variant<TypedInterner<std::int64_t, IntegerHash>, TypedInterner<Int128, WideHash>,
               TypedInterner<std::string_view, boost::hash<std::string_view>>>
      table;
  std::shared_ptr<ResultText> text = std::make_shared<ResultText>();
  // The last code met for each of some low hash values: most columns have few values at a time.
  struct Recent {
    std::int64_t value = 0;
    std::uint32_t code = 0;
  };
  std::array<Recent, 4096> recent;

  std::uint32_t intern_recent(TypedInterner<std::int64_t, IntegerHash>& typed, std::int64_t value) {
    const std::uint64_t hash = static_cast<std::uint64_t>(value) * 0x9E3779B97F4A7C15ULL;
    Recent& entry = recent[hash >> 52];
    if (entry.code == 0 || entry.value != value) entry = {value, intern(typed, value)};
    return entry.code;
  }

  template <typename T, typename Hash>
  std::uint32_t intern(TypedInterner<T, Hash>& typed, T value) {
    const auto found = typed.codes.find(value);
    if (found != typed.codes.end()) return found->second;
    if constexpr (std::is_same_v<T, std::string_view>) value = text->copy(value);
    const auto code = static_cast<std::uint32_t>(typed.values.size());
    typed.codes.emplace(value, code);
    typed.values.push_back(value);
    return code;
  }
};

ValueEncoder::ValueEncoder(ColumnShape shape) : shape_(std::move(shape)) {
  switch (shape_.representation) {
    case Representation::kCode:
      fixed_ = true;
      size_ = (shape_.dictionary ? shape_.dictionary->size() : 0) + 1;
      return;
    case Representation::kBool:
      fixed_ = true;
      size_ = 3;
      return;
    case Representation::kInt64:
      if (shape_.few_values != nullptr) {
        fixed_ = true;
        size_ = static_cast<std::uint32_t>(shape_.few_values->size()) + 1;
        return;
      }
      if (const auto steps = steps_of(shape_)) {
        fixed_ = true;
        size_ = *steps + 2;
        return;
      }
      interner_ = std::make_unique<Interner>();
      return;
    case Representation::kFloat64:
      interner_ = std::make_unique<Interner>();
      return;
    case Representation::kInt128:
      interner_ = std::make_unique<Interner>();
      interner_->table.emplace<1>();
      return;
    case Representation::kString:
      interner_ = std::make_unique<Interner>();
      interner_->table.emplace<2>();
      return;
  }
}

ValueEncoder::~ValueEncoder() = default;
ValueEncoder::ValueEncoder(ValueEncoder&&) noexcept = default;
ValueEncoder& ValueEncoder::operator=(ValueEncoder&&) noexcept = default;

Result<const std::uint32_t*> ValueEncoder::encode(const Vector& values) {
  if (shape_.representation == Representation::kCode) return values.values<std::uint32_t>();
  codes_.assign(values.size, 0);
  std::uint32_t* codes = codes_.data();
  if (fixed_ && shape_.representation == Representation::kBool) {
    const auto* from = values.values<std::uint8_t>();
    for_each_valid(values.validity, values.size,
                   [&](std::uint32_t row) { codes[row] = from[row] != 0 ? 2 : 1; });
    return codes;
  }
  if (shape_.few_values != nullptr) {
    const auto* from = values.values<std::int64_t>();
    const std::vector<std::int64_t>& few = *shape_.few_values;
    std::int64_t last = 0;
    std::uint32_t last_code = 0;
    for_each_valid(values.validity, values.size, [&](std::uint32_t row) {
      if (last_code == 0 || from[row] != last) {
        last = from[row];
        const auto place = std::lower_bound(few.begin(), few.end(), last) - few.begin();
        last_code = static_cast<std::uint32_t>(place) + 1;
      }
      codes[row] = last_code;
    });
    return codes;
  }
  if (fixed_ && shape_.step != 1) {
    const std::int64_t before = shape_.range->first - shape_.step;
    kernels::steps_of(values.values<std::int64_t>(), values.size, before, shape_.step, codes);
    for (std::uint32_t row = 0; values.validity != nullptr && row < values.size; ++row) {
      if (!is_valid(values.validity, row)) codes[row] = 0;
    }
    return codes;
  }
  if (fixed_) {
    const auto* from = values.values<std::int64_t>();
    const std::int64_t base = shape_.range->first - 1;
    for_each_valid(values.validity, values.size, [&](std::uint32_t row) {
      codes[row] = static_cast<std::uint32_t>(from[row] - base);
    });
    return codes;
  }
  // Neighbouring rows are often equal (times cut to hours, say): no look-up then.
  const auto intern_all = [&]<typename T, typename Hash>(TypedInterner<T, Hash>& typed,
                                                         const auto& value_at) {
    T last{};
    std::uint32_t last_code = 0;
    for_each_valid(values.validity, values.size, [&](std::uint32_t row) {
      const T value = value_at(row);
      if (last_code == 0 || value != last) {
        if constexpr (std::is_same_v<T, std::int64_t>) {
          last_code = interner_->intern_recent(typed, value);
        } else {
          last_code = interner_->intern(typed, value);
        }
        last = value;
      }
      codes[row] = last_code;
    });
    size_ = static_cast<std::uint32_t>(std::min<std::size_t>(typed.values.size(), kMostCodes));
  };
  if (shape_.representation == Representation::kInt64) {
    const auto* from = values.values<std::int64_t>();
    intern_all(std::get<0>(interner_->table), [from](std::uint32_t row) { return from[row]; });
  } else if (shape_.representation == Representation::kFloat64) {
    const auto* from = values.values<double>();
    intern_all(std::get<0>(interner_->table),
               [from](std::uint32_t row) { return canonical_bits(from[row]); });
  } else if (shape_.representation == Representation::kInt128) {
    const auto* from = values.values<Int128>();
    intern_all(std::get<1>(interner_->table), [from](std::uint32_t row) { return from[row]; });
  } else {
    const auto* from = values.values<std::string_view>();
    intern_all(std::get<2>(interner_->table), [from](std::uint32_t row) { return from[row]; });
  }
  if (size_ == kMostCodes) {
    return fail(ErrorCode::kEvaluation,
                "A column has more than 4,294,967,294 different values, too many to group. Group "
                "by fewer values.");
  }
  return codes;
}

Result<std::vector<std::uint32_t>> ValueEncoder::adopt(const ValueEncoder& other) {
  std::vector<std::uint32_t> targets(1, 0);
  std::visit(
      [&](const auto& theirs) {
        auto& mine = std::get<std::decay_t<decltype(theirs)>>(interner_->table);
        targets.reserve(theirs.values.size());
        for (std::size_t code = 1; code < theirs.values.size(); ++code) {
          targets.push_back(interner_->intern(mine, theirs.values[code]));
        }
        size_ = static_cast<std::uint32_t>(mine.values.size());
      },
      other.interner_->table);
  return targets;
}

Vector ValueEncoder::decode(std::vector<std::uint32_t>&& codes) const {
  if (shape_.representation != Representation::kCode) return decode(std::span(codes));
  ValidityBits validity(codes.size());
  Vector vector =
      make_vector(shape_.type, shape_.representation, std::move(codes), std::move(validity));
  vector.dictionary = shape_.dictionary;
  return vector;
}

Vector ValueEncoder::decode(std::span<const std::uint32_t> codes) const {
  const Representation representation = shape_.representation;
  if (representation == Representation::kCode) {
    return decode(std::vector<std::uint32_t>(codes.begin(), codes.end()));
  }
  ValidityBits validity(codes.size());
  const auto fill = [&]<typename T>(T /*kind*/, const auto& value_of,
                                    std::shared_ptr<const void> text) {
    std::vector<T> values(codes.size());
    for (std::size_t row = 0; row < codes.size(); ++row) {
      if (codes[row] == 0) {
        validity.clear(row);
      } else {
        values[row] = value_of(codes[row]);
      }
    }
    return make_vector(shape_.type, representation, std::move(values), std::move(validity),
                       std::move(text));
  };
  if (representation == Representation::kBool) {
    return fill(std::uint8_t{}, [](std::uint32_t code) -> std::uint8_t { return code == 2; }, {});
  }
  if (shape_.few_values != nullptr) {
    const std::vector<std::int64_t>& few = *shape_.few_values;
    return fill(std::int64_t{}, [&few](std::uint32_t code) { return few[code - 1]; }, {});
  }
  if (fixed_) {
    const std::int64_t step = shape_.step;
    const std::int64_t before = shape_.range->first - step;
    const auto value_of = [=](std::uint32_t code) { return before + step * code; };
    return fill(std::int64_t{}, value_of, {});
  }
  if (representation == Representation::kInt64) {
    const auto& values = std::get<0>(interner_->table).values;
    return fill(std::int64_t{}, [&](std::uint32_t code) { return values[code]; }, {});
  }
  if (representation == Representation::kFloat64) {
    const auto& values = std::get<0>(interner_->table).values;
    return fill(double{}, [&](std::uint32_t code) { return std::bit_cast<double>(values[code]); },
                {});
  }
  if (representation == Representation::kInt128) {
    const auto& values = std::get<1>(interner_->table).values;
    return fill(Int128{}, [&](std::uint32_t code) { return values[code]; }, {});
  }
  const auto& values = std::get<2>(interner_->table).values;
  return fill(
      std::string_view{}, [&](std::uint32_t code) { return values[code]; }, interner_->text);
}

int ValueEncoder::compare(std::uint32_t left, std::uint32_t right) const {
  if (left == right) return 0;
  if (shape_.representation == Representation::kCode) {
    const Dictionary& dictionary = *shape_.dictionary;
    if (dictionary.kind() == DictionaryKind::kInt64) {
      const std::int64_t a = dictionary.int64_at(left);
      const std::int64_t b = dictionary.int64_at(right);
      return sign_of(a<b, a> b);
    }
    return dictionary.string_at(left).compare(dictionary.string_at(right));
  }
  if (fixed_) return sign_of(left<right, left> right);
  return std::visit(
      [&](const auto& typed) {
        const auto a = typed.values[left];
        const auto b = typed.values[right];
        if (shape_.representation == Representation::kFloat64) {
          if constexpr (std::is_same_v<std::decay_t<decltype(a)>, std::int64_t>) {
            return compare_float64(std::bit_cast<double>(a), std::bit_cast<double>(b));
          }
        }
        return sign_of(a<b, a> b);
      },
      interner_->table);
}

std::vector<std::uint32_t> ValueEncoder::rank(std::span<const std::uint32_t> codes,
                                              std::uint32_t& ranks_used) const {
  const std::vector<std::uint32_t> rank_of_code = rank_codes(codes, ranks_used);
  std::vector<std::uint32_t> ranks(codes.size());
  for (std::size_t row = 0; row < codes.size(); ++row) {
    ranks[row] =
        rank_of_code.empty() ? std::min(codes[row] - 1, ranks_used - 1) : rank_of_code[codes[row]];
  }
  return ranks;
}

std::vector<std::uint32_t> ValueEncoder::rank_codes(std::span<const std::uint32_t> codes,
                                                    std::uint32_t& ranks_used) const {
  if (fixed_ && shape_.representation != Representation::kCode) {
    ranks_used = size_;
    return {};
  }
  std::vector<std::uint32_t> rank_of_code(size_, 0);
  for (const std::uint32_t code : codes) rank_of_code[code] = 1;
  std::vector<std::uint32_t> present;
  for (std::uint32_t code = 1; code < size_; ++code) {
    if (rank_of_code[code] != 0) present.push_back(code);
  }
  const auto by_number = [&](const auto& number_of) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> numbers;
    numbers.reserve(present.size());
    for (const std::uint32_t code : present) numbers.emplace_back(number_of(code), code);
    std::sort(numbers.begin(), numbers.end());
    std::ranges::transform(numbers, present.begin(),
                           [](const auto& number) { return number.second; });
  };
  const auto by_text = [&](const auto& text_of) {
    std::vector<PrefixedText> texts;
    texts.reserve(present.size());
    for (const std::uint32_t code : present) texts.push_back({0, text_of(code), code});
    set_prefixes(texts);
    std::sort(texts.begin(), texts.end(), text_less);
    std::ranges::transform(texts, present.begin(), &PrefixedText::id);
  };
  const Dictionary* dictionary = shape_.dictionary.get();
  if (shape_.representation == Representation::kString) {
    const auto& texts = std::get<2>(interner_->table).values;
    by_text([&](std::uint32_t code) { return texts[code]; });
  } else if (shape_.representation == Representation::kInt64) {
    const auto& values = std::get<0>(interner_->table).values;
    by_number([&](std::uint32_t code) { return ordered_bits(values[code]); });
  } else if (dictionary != nullptr && dictionary->kind() == DictionaryKind::kInt64) {
    by_number([&](std::uint32_t code) { return ordered_bits(dictionary->int64_at(code)); });
  } else if (dictionary != nullptr) {
    by_text([&](std::uint32_t code) { return dictionary->string_at(code); });
  } else {
    std::sort(present.begin(), present.end(),
              [this](std::uint32_t left, std::uint32_t right) { return compare(left, right) < 0; });
  }
  for (std::size_t i = 0; i < present.size(); ++i) {
    rank_of_code[present[i]] = static_cast<std::uint32_t>(i);
  }
  rank_of_code[0] = static_cast<std::uint32_t>(present.size());
  ranks_used = static_cast<std::uint32_t>(present.size()) + 1;
  return rank_of_code;
}

std::size_t ValueEncoder::memory_bytes() const {
  std::size_t bytes = codes_.capacity() * sizeof(std::uint32_t);
  if (!interner_) return bytes;
  bytes += interner_->text->bytes();
  std::visit(
      [&](const auto& typed) {
        using T = std::decay_t<decltype(typed.values[0])>;
        bytes += typed.values.capacity() * sizeof(T) + typed.codes.bucket_count() * (sizeof(T) + 8);
      },
      interner_->table);
  return bytes;
}

}  // namespace stave
