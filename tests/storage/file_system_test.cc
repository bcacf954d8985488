// Both file systems keep one contract; what only a disk has is tested apart.
#include "storage/file_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <fstream>

#include "storage/store_path.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

class FileSystemTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    files_ = GetParam() ? posix_file_system(folder_.path()).value() : memory_file_system("memory");
  }
  void write(const std::string& path, std::string_view text) {
    const auto file = files_->create(path);
    ASSERT_TRUE(file) << file.error().message;
    ASSERT_TRUE((*file)->append(bytes_of(text)));
    (*file)->start_writeback();
    ASSERT_TRUE((*file)->sync());
  }
  std::string read(const std::string& path) {
    const auto file = files_->open(path);
    if (!file) {
      return "error: " + file.error().message;
    }
    std::string text((*file)->size(), '\0');
    EXPECT_TRUE((*file)->read(0, std::as_writable_bytes(std::span(text))));
    return text;
  }

  TemporaryFolder folder_;
  std::shared_ptr<FileSystem> files_;
};

TEST_P(FileSystemTest, ReadsWhatWasWritten) {
  write("a/b/c.txt", "hello");
  EXPECT_EQ(read("a/b/c.txt"), "hello");
  const auto file = files_->open("a/b/c.txt").value();
  EXPECT_EQ(file->size(), 5U);
  EXPECT_THAT(file->path(), HasSubstr("a/b/c.txt"));
  std::array<std::byte, 3> part;
  ASSERT_TRUE(file->read(2, part));
  EXPECT_EQ(std::memcmp(part.data(), "llo", 3), 0);
  const auto mapped = file->map().value();
  EXPECT_EQ(std::memcmp(mapped.data(), "hello", 5), 0);
  EXPECT_EQ(file->map()->data(), mapped.data());
}

TEST_P(FileSystemTest, AppendsInPieces) {
  const auto file = files_->create("pieces").value();
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    const std::string piece(static_cast<std::size_t>(i % 70), static_cast<char>('a' + i % 26));
    ASSERT_TRUE(file->append(bytes_of(piece)));
    expected += piece;
  }
  EXPECT_EQ(read("pieces"), expected);
}

TEST_P(FileSystemTest, ReadsNothingBeyondTheEnd) {
  write("short", "12345");
  const auto file = files_->open("short").value();
  std::array<std::byte, 4> part;
  const auto beyond = file->read(2, part);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code, ErrorCode::kDamaged);
  EXPECT_FALSE(file->read(6, std::span(part).first(0)));
  EXPECT_FALSE(file->read(~std::uint64_t{0}, part));
  EXPECT_TRUE(file->read(5, std::span(part).first(0)));
}

TEST_P(FileSystemTest, MapsAnEmptyFile) {
  write("empty", "");
  const auto file = files_->open("empty").value();
  EXPECT_EQ(file->size(), 0U);
  EXPECT_THAT(*file->map(), IsEmpty());
}

TEST_P(FileSystemTest, DoesNotOverwrite) {
  write("once", "1");
  const auto again = files_->create("once");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(read("once"), "1");
}

TEST_P(FileSystemTest, RenamesOverAnotherFile) {
  write("old", "old");
  write("new", "new");
  ASSERT_TRUE(files_->rename("new", "old"));
  EXPECT_EQ(read("old"), "new");
  EXPECT_FALSE(*files_->exists("new"));
  EXPECT_EQ(files_->rename("none", "old").error().code, ErrorCode::kNotFound);
}

TEST_P(FileSystemTest, KeepsAnOpenFileThatIsRemoved) {
  write("gone", "still here");
  const auto file = files_->open("gone").value();
  ASSERT_TRUE(files_->remove("gone"));
  std::array<std::byte, 5> part;
  ASSERT_TRUE(file->read(0, part));
  EXPECT_EQ(std::memcmp(part.data(), "still", 5), 0);
  EXPECT_EQ(files_->open("gone").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(files_->remove("gone").error().code, ErrorCode::kNotFound);
}

TEST_P(FileSystemTest, RemovesEmptyFoldersOnly) {
  write("a/b/c", "1");
  EXPECT_FALSE(files_->remove("a/b"));
  ASSERT_TRUE(files_->remove("a/b/c"));
  ASSERT_TRUE(files_->remove("a/b"));
  ASSERT_TRUE(files_->remove("a"));
  EXPECT_THAT(*files_->list(""), IsEmpty());
}

TEST_P(FileSystemTest, ListsInOrder) {
  write("b", "");
  write("a/x", "");
  write("a/w", "");
  write("a/deep/y", "");
  EXPECT_THAT(*files_->list(""), ElementsAre("a/", "b"));
  EXPECT_THAT(*files_->list("a"), ElementsAre("deep/", "w", "x"));
  EXPECT_EQ(files_->list("none").error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(files_->sync_folder("a"));
  EXPECT_TRUE(files_->sync_folder(""));
  EXPECT_FALSE(files_->sync_folder("none"));
}

TEST_P(FileSystemTest, StaysInsideItsRoot) {
  for (const char* path : {"../x", "/x", "a/../x", "", "a//b", "./a", "a/", "a\nb"}) {
    EXPECT_EQ(files_->create(path).error().code, ErrorCode::kInvalidArgument) << path;
  }
}

TEST_P(FileSystemTest, LocksOnce) {
  {
    const auto lock = files_->lock("LOCK");
    ASSERT_TRUE(lock);
    const auto second = files_->lock("LOCK");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::kLocked);
  }
  EXPECT_TRUE(files_->lock("LOCK"));
}

INSTANTIATE_TEST_SUITE_P(Both, FileSystemTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "posix" : "memory"; });

TEST(PosixFileSystem, NamesWhoHoldsTheLock) {
  const TemporaryFolder folder;
  const auto files = posix_file_system(folder.path()).value();
  const auto lock = files->lock("LOCK");
  const auto second = files->lock("LOCK");
  ASSERT_FALSE(second);
  const std::string& message = second.error().message;
  EXPECT_THAT(message, HasSubstr("process " + std::to_string(getpid())));
  EXPECT_THAT(message, HasSubstr("on host "));
  EXPECT_THAT(message, HasSubstr("since 2"));
  EXPECT_THAT(message, HasSubstr("(storage_tests)"));
}

TEST(PosixFileSystem, LeavesAnEmptyLockFile) {
  const TemporaryFolder folder;
  const auto files = posix_file_system(folder.path()).value();
  { const auto lock = files->lock("LOCK"); }
  EXPECT_EQ(std::filesystem::file_size(folder.path() + "/LOCK"), 0U);
}

TEST(PosixFileSystem, NeedsAFolder) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() + "/file") << "1";
  EXPECT_EQ(posix_file_system(folder.path() + "/none").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(posix_file_system(folder.path() + "/file").error().code, ErrorCode::kNotFound);
}

TEST(PosixFileSystem, DoesNotOpenAFolderAsAFile) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() + "/inner");
  const auto files = posix_file_system(folder.path()).value();
  EXPECT_EQ(files->open("inner").error().code, ErrorCode::kDamaged);
}

// The file size limit cuts a write short and refuses the rest, as a full disk does.
TEST(PosixFileSystem, SaysHowMuchAFullDiskLacked) {
  const TemporaryFolder folder;
  const auto files = posix_file_system(folder.path()).value();
  const auto file = files->create("growing").value();
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto put = file->append(bytes_of(std::string(5000, 'x')));
  const auto after = file->append(bytes_of("y"));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::kNoSpace);
  EXPECT_THAT(put.error().message, HasSubstr("At least 4000 more bytes"));
  ASSERT_FALSE(after);
  EXPECT_THAT(after.error().message, HasSubstr("failed write"));
  EXPECT_FALSE(file->sync());
}

TEST(PosixFileSystem, SaysThatTooManyFilesAreOpen) {
  const TemporaryFolder folder;
  const auto files = posix_file_system(folder.path()).value();
  ASSERT_TRUE(files->create("a"));
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{3, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto file = files->open("a");
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::kIo);
  EXPECT_THAT(file.error().message, HasSubstr("ulimit -n"));
}

TEST(StorePath, MakesSafeNames) {
  EXPECT_EQ(safe_file_name("track_id"), "track_id");
  EXPECT_EQ(safe_file_name("Artist Name(s)/../x"), "Artist_Name_s__.._x");
  EXPECT_EQ(safe_file_name(".."), "_..");
  EXPECT_EQ(safe_file_name(""), "_");
  EXPECT_EQ(safe_file_name(std::string(500, 'a')).size(), 80U);
  EXPECT_EQ(folder_of("a/b/c"), "a/b");
  EXPECT_EQ(folder_of("a"), "");
}

}  // namespace
}  // namespace stave
