// Royalties of one month: what artists get, how it is spread, and what another model would pay.
#include <fmt/format.h>

#include "tools/dashboard/figures.h"

namespace stave {
namespace {

constexpr int kMostArtists = 50;
constexpr int kMostPoints = 200;  // of the curve

}  // namespace

void Figures::write_royalty() {
  std::string period = options_.period;
  if (period.empty() && !days_.names().empty()) {
    period = days_.names().back().substr(0, 8) + "01";
  }
  // Where several currencies are paid, the one with the most lines: their amounts do not add up.
  const auto results = ask_if_there(
      fmt::format(
          "let paid = from royalty.by_artist | where amount > 0.00; "
          "let main = from paid | summarize lines = count() by currency "
          "| top 1 by lines desc, currency; "
          "let payees = from paid | where artist_id is not null "
          "| join semi main as m on currency is m.currency "
          "| summarize amount = sum(amount) by artist_id; "
          "from main; "
          "from payees | join left artists as a on artist_id | top {} by amount desc, artist_id "
          "| select name = coalesce(a.artist_name, artist_id::string), amount; "
          "from payees | derive rank = row_number() over (sort amount desc, artist_id), "
          "so_far = sum(amount) over (sort amount desc, artist_id rows .. 0), "
          "all = sum(amount) over (), artists = count() over () "
          "| where rank == artists or rank % (artists // {} + 1) == 1 or artists < {} "
          "| select rank, share = so_far::f64 / all::f64 | sort rank; "
          "from royalty.compare | where tier_or_genre is not null "
          "| join semi main as m on currency is m.currency "
          "| select tier_or_genre, first_amount, second_amount, difference",
          kMostArtists, kMostPoints, kMostPoints),
      4, {{"period", period}});
  const std::vector<TextRow>& main = results[0];
  const std::string currency = main.empty() ? "" : text_of(main[0][0]);
  json_.key("royalty").begin_object();
  json_.key("period").text(period);
  json_.key("currency").text(currency.empty() ? "no currency" : currency);
  write_rows("artists", results[1], [&](const TextRow& row) {
    json_.text(text_of(row[0]));
    json_.text(text_of(row[1]));
  });
  write_rows("concentration", results[2], [&](const TextRow& row) {
    json_.raw(text_of(row[0]));
    json_.raw(text_of(row[1]));
  });
  write_rows("models", results[3], [&](const TextRow& row) {
    for (const TextCell& cell : row) json_.text(text_of(cell));
  });
  json_.end_object();
}

}  // namespace stave
