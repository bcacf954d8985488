// The file system as a transaction lends it out: it remembers what is made through it, and keeps
// what is to be synced open until the commit, so that no failed write-back goes unseen.
// Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "storage/file_system.h"

namespace stave {

// Tells the next writer that this one did not come to its end.
inline const std::string kOpenTransactionPath = "temporary/transaction";

enum class Ending {
  kCommitted,
  kAbandoned,  // nothing of it was ever seen
  kInDoubt,    // the commit failed, and a power cut may bring it back: its files stay
};

class TransactionFiles : public FileSystem {
 public:
  // Files with `first_new_id` or a higher number in their names are of crashed transactions, and
  // make way for new ones of the same name.
  TransactionFiles(std::shared_ptr<FileSystem> files, std::uint64_t first_new_id);
  ~TransactionFiles() override;

  Result<std::unique_ptr<ReadableFile>> open(const std::string& path) const override;
  Result<std::unique_ptr<WritableFile>> create(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<bool> exists(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& folder) const override;
  Result<void> sync_folder(const std::string& folder) override;
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override;
  const std::string& root() const override;

  // Fails the next sync_all where `path` was not made here.
  void expect(const std::string& path);

  // Everything made but temporary files is durable afterwards, its folders too. Once this failed it
  // fails for good. Every file made must have been closed.
  Result<void> sync_all();

  // Removes what the ending leaves of no use. Faults are of no account: what stays is not part of
  // any snapshot, and the mark of an open transaction stays with it for the next writer.
  void remove_made(Ending ending) noexcept;

 private:
  struct State;
  class File;
  class Folder;
  std::shared_ptr<State> state_;
};

// The number in the name of a file that `Transaction::new_path` made ("a/track_id-000017.col": 17).
// 0 for other names.
std::uint64_t file_id_of(std::string_view path);

}  // namespace stave
