// Royalties of one month: what artists get, how it is spread, and what another model would pay.
#include <fmt/format.h>

#include "stave/program.h"
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
  const auto main = ask_if_there(
      "from royalty.by_artist | where amount > 0.00 | summarize lines = count() by currency | top "
      "1 by lines desc, currency",
      {{"period", period}});
  const std::string currency = main.empty() ? "" : text_of(main[0][0]);
  const std::string paid_in =
      "currency is " + (currency.empty() ? std::string("null") : quoted_text(currency));
  const std::string artists =
      "from royalty.by_artist | where amount > 0.00 and artist_id is not null and " + paid_in +
      " | summarize amount = sum(amount) by artist_id";
  const std::map<std::string, std::string> parameters{{"period", period}};
  json_.key("royalty").begin_object();
  json_.key("period").text(period);
  json_.key("currency").text(currency.empty() ? "no currency" : currency);
  const auto best =
      main.empty()
          ? std::vector<TextRow>{}
          : ask_if_there(
                fmt::format(
                    "{} | join left artists as a on artist_id | top {} by amount desc, artist_id "
                    "| select name = coalesce(a.artist_name, artist_id::string), amount",
                    artists, kMostArtists),
                parameters);
  write_rows("artists", best, [&](const TextRow& row) {
    json_.text(text_of(row[0]));
    json_.text(text_of(row[1]));
  });
  const auto curve =
      main.empty()
          ? std::vector<TextRow>{}
          : ask_if_there(
                fmt::format(
                    "{} | derive rank = row_number() over (sort amount desc, artist_id), "
                    "so_far = sum(amount) over (sort amount desc, artist_id rows .. 0), all = "
                    "sum(amount) over (), "
                    "artists = count() over () "
                    "| where rank == artists or rank % (artists // {} + 1) == 1 or artists < {} "
                    "| select rank, share = so_far::f64 / all::f64 | sort rank",
                    artists, kMostPoints, kMostPoints),
                parameters);
  write_rows("concentration", curve, [&](const TextRow& row) {
    json_.raw(text_of(row[0]));
    json_.raw(text_of(row[1]));
  });
  const auto models =
      main.empty()
          ? std::vector<TextRow>{}
          : ask_if_there("from royalty.compare | where tier_or_genre is not null and " + paid_in +
                             " | select tier_or_genre, first_amount, second_amount, difference",
                         parameters);
  write_rows("models", models, [&](const TextRow& row) {
    for (const TextCell& cell : row) json_.text(text_of(cell));
  });
  json_.end_object();
}

}  // namespace stave
