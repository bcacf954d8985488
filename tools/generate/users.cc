// The people: users, what they pay and where they log in.
#include <algorithm>
#include <array>
#include <memory>

#include "tools/generate/clock_text.h"
#include "tools/generate/tables.h"
#include "tools/generate/timeline.h"
#include "tools/generate/vocabulary.h"

namespace stave::generator {
namespace {

constexpr std::array<std::string_view, 12> kEuroCountries{"DE", "FR", "ES", "IT", "NL", "FI",
                                                          "BE", "PT", "AT", "IE", "GR", "CY"};

std::string_view currency_of(std::string_view country) {
  if (country == "GB") {
    return "GBP";
  }
  if (country == "BR") {
    return "BRL";
  }
  if (country == "IN") {
    return "INR";
  }
  const bool euro =
      std::find(kEuroCountries.begin(), kEuroCountries.end(), country) != kEuroCountries.end();
  return euro ? "EUR" : "USD";
}

void append_user(std::string& out, const World& world, std::uint64_t position) {
  const User& user = world.catalogue.users[position];
  Random random(world.seed(), Purpose::kUser, position + 1);
  append_integer(out, static_cast<std::int64_t>(position) + 1);
  out.push_back(',');
  out.append(kGivenNames[random.below(kGivenNames.size())]);
  out.push_back(' ');
  out.append(kFamilyNames[random.below(kFamilyNames.size())]);
  out.push_back(',');
  if (!random.chance(1, 50)) {  // some do not tell their age
    append_integer(out, 13 + std::min(random.between(0, 70), random.between(0, 70)));
  }
  out.push_back(',');
  out.append(kCountries[user.country]);
  out.push_back(',');
  out.append(kPlans[user.plan]);
  out.push_back(',');
  // One in ten joined while the plays were recorded.
  append_day(out, random.chance(1, 10) ? world.first_day + random.between(0, world.days - 1)
                                       : world.first_day - random.between(1, 365 * 5));
  out.push_back('\n');
}

// One row for each month paid; the last one is active unless the user left.
void append_subscriptions(std::string& out, const World& world, std::uint64_t position) {
  const User& user = world.catalogue.users[position];
  if (kPlanPrices[user.plan] == 0) {
    return;
  }
  Random random(world.seed(), Purpose::kSubscription, position);
  const bool leaves = random.chance(1, 20);
  std::int64_t start = world.first_day - random.between(0, 27);
  std::int64_t left_on =
      leaves ? world.first_day + random.between(0, world.days - 1) : world.last_day() + 1;
  for (std::int64_t month = 1; start <= world.last_day() && start <= left_on; ++month) {
    const std::int64_t next = month_later(start);
    const bool last = next > world.last_day() || next > left_on;
    append_integer(out, (static_cast<std::int64_t>(position) + 1) * 10'000 + month);
    out.push_back(',');
    append_integer(out, static_cast<std::int64_t>(position) + 1);
    out.push_back(',');
    out.append(kPlans[user.plan]);
    out.append(last ? (leaves ? ",cancelled," : ",active,") : ",expired,");
    append_day(out, start);
    out.push_back(',');
    append_day(out, next - 1);
    out.push_back(',');
    append_decimal(out, kPlanPrices[user.plan], 2);
    out.push_back(',');
    out.append(currency_of(kCountries[user.country]));
    out.append(leaves ? ",false\n" : ",true\n");
    start = next;
  }
}

std::uint64_t session_count(const World& world) {
  return world.streams / 20;
}

// One user in 500 lends the account to people in other countries, and logs in more often for it.
constexpr std::uint64_t kUsersPerSharer = 500;

std::uint64_t sharer(const World& world, Random& random) {
  const std::uint64_t users = world.catalogue.users.size();
  const std::uint64_t sharers = (users + kUsersPerSharer - 1) / kUsersPerSharer;
  return random.below(sharers) * kUsersPerSharer;
}

void append_sessions(std::string& out, const World& world, const Timeline& timeline,
                     std::uint64_t block) {
  const Catalogue& catalogue = world.catalogue;
  Random random(world.seed(), Purpose::kSession, block);
  Timeline::Cursor cursor(timeline);
  ClockText clock;
  for_each_row(block, session_count(world), [&](std::uint64_t row) {
    const bool shared = random.chance(1, 40);
    const std::uint64_t position =
        shared ? sharer(world, random) : catalogue.user_choice.pick(random.next());
    const User& user = catalogue.users[position];
    append_integer(out, static_cast<std::int64_t>(row) + 1);
    out.push_back(',');
    append_integer(out, static_cast<std::int64_t>(position) + 1);
    out.push_back(',');
    clock.append(out, cursor.at(row, session_count(world), random));
    out.push_back(',');
    const bool away = shared || random.chance(1, 100);
    out.append(kCountries[away ? catalogue.country_choice.pick(random.next()) : user.country]);
    out.push_back(',');
    out.append(kPlatforms[user.platform]);
    out.push_back('\n');
  });
}

}  // namespace

Dump users_dump(const World& world) {
  Dump dump;
  dump.header = "user_id,display_name,age,country,subscription_type,signup_date\n";
  const std::uint64_t rows = world.catalogue.users.size();
  dump.blocks = blocks_for(rows);
  dump.make_block = [&world, rows](std::uint64_t block, std::string& out) {
    for_each_row(block, rows, [&](std::uint64_t row) { append_user(out, world, row); });
  };
  return dump;
}

Dump subscriptions_dump(const World& world) {
  Dump dump;
  dump.header =
      "subscription_id,user_id,plan_type,status,start_date,end_date,price_paid,currency,"
      "auto_renew\n";
  const std::uint64_t rows = world.catalogue.users.size();
  dump.blocks = blocks_for(rows);
  dump.make_block = [&world, rows](std::uint64_t block, std::string& out) {
    for_each_row(block, rows, [&](std::uint64_t row) { append_subscriptions(out, world, row); });
  };
  return dump;
}

Dump sessions_dump(const World& world) {
  auto timeline = std::make_shared<const Timeline>(world.first_day, world.days);
  Dump dump;
  dump.header = "session_id,user_id,ts,ip_country,device\n";
  dump.blocks = blocks_for(session_count(world));
  dump.make_block = [&world, timeline](std::uint64_t block, std::string& out) {
    append_sessions(out, world, *timeline, block);
  };
  return dump;
}

}  // namespace stave::generator
