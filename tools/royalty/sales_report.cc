// Writing a run as a sales report: a summary for each pool, and its lines.
#include "stave/sales_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "storage/guarded.h"

namespace stave {
namespace {

constexpr std::string_view kVersion = "stave-dsr-style/1";

// Without what parts of the name and fields are divided by.
std::string name_part(std::string_view text) {
  std::string part;
  for (const char c : text) {
    part.push_back(std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' ? c : '-');
  }
  return part.empty() ? "None" : part;
}

std::string field(const RoyaltyField& text) {
  std::string plain = text.value_or("");
  std::ranges::replace_if(
      plain, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return plain;
}

std::string identifier(const RoyaltyField& id) {
  return id ? "stave::" + field(id) : "";
}

// "2025-05" for a whole month.
std::string period_of(const RoyaltyRun& run) {
  const bool is_month =
      run.period.ends_with("-01") && run.to.substr(0, 7) == run.period.substr(0, 7) &&
      (run.to.ends_with("-31") || run.to.ends_with("-30") ||
       (run.period.substr(5, 2) == "02" && (run.to.ends_with("-28") || run.to.ends_with("-29"))));
  return is_month ? run.period.substr(0, 7) : run.period + "--" + run.to;
}

class Writer {
 public:
  Writer(const RoyaltyRun& run, const std::vector<RoyaltyLine>& lines,
         const std::optional<RoyaltyPayee>& payee, const SalesReportNames& names)
      : run_(run), lines_(lines), payee_(payee), names_(names) {}

  std::string name() const {
    std::set<std::string> countries;
    for (const RoyaltyPool& pool : run_.pools) countries.insert(pool.country.value_or("Worldwide"));
    const std::string territory = countries.size() == 1 ? *countries.begin() : "Multi";
    return fmt::format("DSR_{}_{}_{}_{}_{}_1of1_{}.tsv", name_part(recipient()),
                       name_part(names_.sender), name_part(names_.service), period_of(run_),
                       name_part(territory), stamp());
  }

  std::string text() {
    put({"#HEAD", "MessageVersion", "MessageId", "CreatedDateTime", "FileNumber", "NumberOfFiles",
         "UsageStartDate", "UsageEndDate", "SenderName", "ServiceDescription", "RecipientName",
         "LedgerSeal"});
    put({"#SY01", "SummaryRecordId", "Territory", "CommercialModel", "RightsType", "Currency",
         "NetRevenue", "OriginalCurrency", "OriginalNetRevenue", "ExchangeRate"});
    put({"#SU01", "BlockId", "SalesTransactionId", "SummaryRecordId", "RightsController", "Artist",
         "ResourceId", "Kind", "Usages", "RightSharePercentage", "NetRevenue"});
    put({"#FOOT", "NumberOfLinesInFile", "NumberOfLinesInReport", "NumberOfSummaryRecords"});
    put({"HEAD", std::string(kVersion), fmt::format("run-{}", run_.id), run_.at, "1", "1",
         run_.period, run_.to, names_.sender, names_.service, recipient(), run_.seal});
    for (const RoyaltyPool& pool : run_.pools) {
      put({"SY01", std::to_string(pool.number), pool.country ? field(pool.country) : "Worldwide",
           field(pool.plan), field(pool.right_type), field(pool.currency), pool.amount,
           field(pool.own_currency), field(pool.own_amount), field(pool.rate)});
    }
    put_sales();
    const std::string all = std::to_string(count_ + 1);
    put({"FOOT", all, all, std::to_string(run_.pools.size())});
    return std::move(text_);
  }

 private:
  std::string recipient() const { return payee_ ? payee_->id : "All"; }

  // "20250601T081500" of "2025-06-01 08:15:00".
  std::string stamp() const {
    std::string digits;
    for (const char c : run_.at) {
      if (c == ' ') digits.push_back('T');
      if (std::isdigit(static_cast<unsigned char>(c)) != 0) digits.push_back(c);
    }
    return digits;
  }

  bool is_wanted(const RoyaltyLine& line) const {
    if (line.kind == "unallocated") return false;
    if (!payee_) return true;
    return payee_->is_artist ? !line.rightsholder && line.artist == payee_->id
                             : line.rightsholder == payee_->id;
  }

  void put_sales() {
    std::uint64_t number = 0;
    for (const RoyaltyLine& line : lines_) {
      if (!is_wanted(line)) continue;
      const std::string id = std::to_string(++number);
      put({"SU01", id, id, std::to_string(line.pool), identifier(line.rightsholder),
           identifier(line.artist), identifier(line.track), line.kind, std::to_string(line.plays),
           field(line.percent), line.amount});
    }
  }

  void put(const std::vector<std::string>& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i > 0) text_.push_back('\t');
      text_ += fields[i];
    }
    text_.push_back('\n');
    ++count_;
  }

  const RoyaltyRun& run_;
  const std::vector<RoyaltyLine>& lines_;
  const std::optional<RoyaltyPayee>& payee_;
  const SalesReportNames& names_;
  std::string text_;
  std::uint64_t count_ = 0;
};

}  // namespace

Result<std::pair<std::string, std::string>> sales_report(const std::string& store, std::uint64_t id,
                                                         const std::optional<RoyaltyPayee>& payee,
                                                         const SalesReportNames& names) {
  return guarded("a sales report was written",
                 [&]() -> Result<std::pair<std::string, std::string>> {
                   const auto run = read_royalty_run(store, id);
                   if (!run) return pass(run);
                   const auto lines = read_royalty_lines(store, id);
                   if (!lines) return pass(lines);
                   Writer writer(*run, *lines, payee, names);
                   return std::pair(writer.name(), writer.text());
                 });
}

}  // namespace stave
