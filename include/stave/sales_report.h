// Sales reports as flat files in the style of digital sales reports: tab-separated records HEAD,
// SYxx (summaries), ASxx (resources), SUxx (sales), FOOT. docs/royalties.md has the records.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "stave/result.h"
#include "stave/royalty.h"

namespace stave {

struct SalesReportNames {
  std::string sender = "Stave";
  std::string service = "Music";
};

// The file's name and its text: a stored run, or the part of one payee. The same run gives the same
// bytes.
Result<std::pair<std::string, std::string>> sales_report(const std::string& store, std::uint64_t id,
                                                         const std::optional<RoyaltyPayee>& payee,
                                                         const SalesReportNames& names);

// The sales records of any such report as CSV with a header: each with the titles of its block's
// resource. Fails with kInvalidData where a record is out of place, or FOOT counts other lines or
// summaries than there are. `origin` names the text in messages.
Result<std::string> csv_of_sales_report(std::string_view text, const std::string& origin);

}  // namespace stave
