// Amounts in hundredths, as texts and as integers. No operation overflows unseen.
#pragma once

#include <string>
#include <string_view>

#include "stave/result.h"
#include "storage/int128.h"

namespace stave::royalty {

// An integer with up to two decimals.
Result<Int128> hundredths_of(std::string_view text);
std::string money_text(Int128 hundredths);

// A running total of amounts; the first overflow is remembered.
class Total {
 public:
  void add(Int128 amount) { is_lost_ |= __builtin_add_overflow(value_, amount, &value_); }
  void subtract(Int128 amount) { is_lost_ |= __builtin_sub_overflow(value_, amount, &value_); }
  Int128 value() const { return value_; }
  bool is_lost() const { return is_lost_; }

 private:
  Int128 value_ = 0;
  bool is_lost_ = false;
};

}  // namespace stave::royalty
