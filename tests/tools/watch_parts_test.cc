// What a watch is made of: when files are complete, what helps against errors, commands of the
// user.
#include <gmock/gmock.h>
#include <signal.h>

#include "tools/watch/run.h"
#include "tools/watch/settled_files.h"
#include "tools/watch/user_command.h"

namespace stave::testing {
namespace {

using ::testing::IsEmpty;

TEST(SettledFilesTest, AFileIsCompleteWhenItStayedTheSame) {
  using watching::InboxFile;
  watching::SettledFiles settled{std::chrono::milliseconds(5)};
  const auto at = [](int time) {
    return watching::SettledFiles::Clock::time_point(std::chrono::milliseconds(time));
  };
  const InboxFile small{"t", "a", {1, 10, 7}};
  const InboxFile touched{"t", "a", {1, 11, 7}};
  EXPECT_THAT(settled.of({small}, at(0)), IsEmpty());
  EXPECT_THAT(settled.of({small}, at(4)), IsEmpty());
  EXPECT_THAT(settled.of({touched}, at(5)), IsEmpty());
  EXPECT_THAT(settled.of({touched}, at(9)), IsEmpty());
  EXPECT_EQ(settled.of({touched}, at(10)).size(), 1U);
  EXPECT_THAT(settled.of({}, at(11)), IsEmpty());
  EXPECT_THAT(settled.of({touched}, at(12)), IsEmpty());  // it came anew
}

TEST(UserCommand, GivesItsExitCodeAndNeedNotReadItsInput) {
  EXPECT_EQ(*watching::run_user_command("exit 7", "/dev/null"), 7);
  EXPECT_EQ(*watching::run_user_command("kill -9 $$", "/dev/null"), 128 + SIGKILL);
  EXPECT_EQ(*watching::run_user_command("kill -TERM $$", "/dev/null"), 128 + SIGTERM);
}

TEST(Remedies, DependOnWhoseTheFaultIs) {
  using watching::Remedy;
  EXPECT_EQ(watching::remedy_for(ErrorCode::kLocked, true), Remedy::kWait);
  EXPECT_EQ(watching::remedy_for(ErrorCode::kNoSpace, false), Remedy::kWait);
  EXPECT_EQ(watching::remedy_for(ErrorCode::kIo, true), Remedy::kRead);
  EXPECT_EQ(watching::remedy_for(ErrorCode::kInvalidData, true), Remedy::kNone);
  EXPECT_EQ(watching::remedy_for(ErrorCode::kNotFound, false), Remedy::kStop);
  EXPECT_EQ(watching::remedy_for(ErrorCode::kDamaged, true), Remedy::kStop);
}

}  // namespace
}  // namespace stave::testing
