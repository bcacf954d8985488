// Order is everything here: files and folders side by side, then the manifest's rename. Before the
// rename nothing of this commit can be seen; after it nothing of it is ever removed.
#include "storage/transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "storage/guarded.h"
#include "storage/leftovers.h"
#include "storage/manifest_check.h"
#include "storage/pack_check.h"
#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "storage/store_path.h"
#include "storage/store_root.h"
#include "storage/transaction_files.h"

namespace stave {
namespace {

// Each part of a folder's path made safe as a file name.
std::string safe_folder(std::string_view folder) {
  std::string safe;
  while (true) {
    const std::size_t slash = folder.find('/');
    safe += safe_file_name(folder.substr(0, slash));
    if (slash == std::string_view::npos) {
      return safe;
    }
    safe += '/';
    folder.remove_prefix(slash + 1);
  }
}

}  // namespace

struct Transaction::State {
  struct OpenDomain {
    std::unique_ptr<DomainWriter> writer;
    std::shared_ptr<const Domain> committed;
    DomainState before;
  };

  // Destroyed last: the lock is held until all is cleaned up.
  std::unique_ptr<FileLock> lock;
  std::shared_ptr<FileSystem> store;
  std::unique_ptr<TransactionFiles> files;
  Manifest manifest;
  std::atomic<std::uint64_t> next_file_id = 1;
  std::mutex mutex;
  std::map<std::string, OpenDomain> domains;
  bool is_spent = false;
  bool domains_are_finished = false;
  int threads = 1;
  Ending ending = Ending::kAbandoned;

  std::string numbered_path(const std::string& folder, const std::string& stem,
                            std::string_view suffix) {
    return fmt::format("{}/{}-{:06}{}", safe_folder(folder), safe_file_name(stem),
                       next_file_id.fetch_add(1), suffix);
  }
  static Result<std::unique_ptr<Transaction>> begin(std::shared_ptr<FileSystem> files);
  struct GrownDomain {
    const OpenDomain* from;
    std::string path;
    Result<DomainState> after;
  };
  Result<void> write_domains(std::vector<GrownDomain>& grown);
  Result<void> finish_domains();
  Result<void> check_result() const;
  Result<void> write_unfinished(const std::string& path, std::string_view text);
  Result<std::uint64_t> commit();
};

Transaction::Transaction(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Transaction>> Transaction::begin(const std::string& path) {
  return guarded("a transaction was begun", [&]() -> Result<std::unique_ptr<Transaction>> {
    auto files = open_store_root(path);
    if (!files) {
      return pass(files);
    }
    return State::begin(*std::move(files));
  });
}

Result<std::unique_ptr<Transaction>> Transaction::begin(std::shared_ptr<FileSystem> files) {
  return guarded("a transaction was begun", [&] { return State::begin(std::move(files)); });
}

Result<std::unique_ptr<Transaction>> Transaction::State::begin(std::shared_ptr<FileSystem> files) {
  // Before the lock, which would leave a file in a folder that is no store.
  if (auto marked = read_marker(*files); !marked) {
    return pass(marked);
  }
  auto lock = files->lock(kLockPath);
  if (!lock) {
    return pass(lock);
  }
  auto manifest = read_last_manifest(*files);
  if (!manifest) {
    return pass(manifest);
  }
  const auto left_open = files->exists(kTemporaryFolder);
  if (!left_open) {
    return pass(left_open);
  }
  if (*left_open) {
    if (auto cleaned = remove_leftovers(*files, *manifest); !cleaned) {
      return pass(cleaned);
    }
  }
  auto state = std::make_unique<State>();
  state->lock = *std::move(lock);
  state->store = files;
  state->manifest = *std::move(manifest);
  state->manifest.operation.clear();
  state->next_file_id = state->manifest.next_file_id;
  state->files = std::make_unique<TransactionFiles>(std::move(files), state->manifest.next_file_id);
  std::unique_ptr<Transaction> transaction(new Transaction(std::move(state)));
  State& opened = *transaction->state_;
  const auto marked = opened.files->create(kOpenTransactionPath);
  if (!marked && marked.error().code != ErrorCode::kAlreadyExists) {
    return pass(marked);
  }
  // On disk before any file that it announces.
  if (auto synced = opened.store->sync_folder(""); !synced) {
    return pass(synced);
  }
  return transaction;
}

Transaction::~Transaction() {
  // Readers map what they need and let go of it first.
  state_->domains.clear();
  state_->files->remove_made(state_->ending);
}

Manifest& Transaction::manifest() {
  return state_->manifest;
}
FileSystem& Transaction::files() {
  return *state_->files;
}

void Transaction::work_with(int threads) {
  state_->threads = threads;
}

Result<DomainWriter*> Transaction::domain(const std::string& name) {
  const std::lock_guard guard(state_->mutex);
  const auto found = state_->domains.find(name);
  if (found != state_->domains.end()) {
    return found->second.writer.get();
  }
  State::OpenDomain domain;
  if (const DomainState* before = state_->manifest.find_domain(name)) {
    auto committed = Domain::open(*state_->store, *before);
    if (!committed) {
      return pass(committed);
    }
    domain.before = *before;
    domain.committed = *std::move(committed);
  }
  domain.writer = std::make_unique<DomainWriter>(name, domain.committed);
  return state_->domains.emplace(name, std::move(domain)).first->second.writer.get();
}

std::string Transaction::new_path(const std::string& folder, const std::string& stem) {
  return state_->numbered_path(folder, stem, ".col");
}

std::string Transaction::new_pack_path(const std::string& folder, const std::string& stem) {
  return state_->numbered_path(folder, stem, ".pack");
}

void Transaction::wrote_pack(PackState pack) {
  wrote(pack.path);
  const std::lock_guard guard(state_->mutex);
  state_->manifest.packs.push_back(std::move(pack));
}

void Transaction::wrote(const std::string& path) {
  state_->files->expect(path);
}

std::unique_ptr<ColumnFileWriter> Transaction::column_writer(const std::string& folder,
                                                             const std::string& column,
                                                             Physical physical,
                                                             EncodeOptions options) {
  return std::make_unique<ColumnFileWriter>(*state_->files, new_path(folder, column), physical,
                                            options);
}

Result<std::string> Transaction::temporary_path(const std::string& stem) {
  return state_->numbered_path(kTemporaryFolder, stem, ".tmp");
}

// Those that grew, several at once and the largest first: one may be as much work as all others.
Result<void> Transaction::State::write_domains(std::vector<GrownDomain>& grown) {
  std::vector<GrownDomain*> by_size;
  for (GrownDomain& domain : grown) {
    by_size.push_back(&domain);
  }
  std::ranges::stable_sort(by_size, std::ranges::greater(), [](const GrownDomain* domain) {
    return domain->from->writer->size() - domain->from->writer->committed_size();
  });
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < by_size.size(); i = next++) {
      GrownDomain& domain = *by_size[i];
      auto written = guarded("a key domain was written", [&]() -> Result<void> {
        domain.after =
            domain.from->writer->write(*files, domain.path, domain.from->before, threads);
        return {};
      });
      if (!written) {
        domain.after = pass(std::move(written));
      }
    }
  };
  std::thread other;
  if (threads > 1 && by_size.size() > 1) {
    try {
      other = std::thread(work);
    } catch (const std::exception&) {
      // No thread to be had: this one does the work.
    }
  }
  work();
  if (other.joinable()) {
    other.join();
  }
  for (const GrownDomain& domain : grown) {
    if (!domain.after) {
      return pass(domain.after);
    }
  }
  return {};
}

Result<void> Transaction::State::finish_domains() {
  if (domains_are_finished) {
    return {};
  }
  std::vector<GrownDomain> grown;
  for (auto& [name, domain] : domains) {
    if (domain.committed != nullptr) {
      if (auto sound = domain.committed->damage(); !sound) {
        return sound;
      }
    }
    if (domain.writer->size() != domain.writer->committed_size()) {
      grown.push_back({&domain, numbered_path("domains", name, ".domain"), {}});
    }
  }
  if (auto written = write_domains(grown); !written) {
    return written;
  }
  for (GrownDomain& domain : grown) {
    const std::string& name = domain.from->writer->name();
    const auto place = std::ranges::lower_bound(manifest.domains, name, {}, &DomainState::name);
    if (place != manifest.domains.end() && place->name == name) {
      *place = *std::move(domain.after);
    } else {
      manifest.domains.insert(place, *std::move(domain.after));
    }
  }
  type_columns_by_domain(manifest);
  domains_are_finished = true;
  return {};
}

// What a reader will see is what was meant.
Result<void> Transaction::State::check_result() const {
  if (auto checked = check_manifest(manifest); !checked) {
    return fail(checked.error().code,
                fmt::format("A commit was refused because its manifest contradicts itself: {}",
                            checked.error().message));
  }
  const std::string bytes = encode_manifest(manifest);
  const auto again = decode_manifest(bytes, "the new manifest");
  if (!again) {
    return pass(again);
  }
  if (encode_manifest(*again) != bytes) {
    return fail(ErrorCode::kInternal,
                "A commit was refused because its manifest does not read back as it was written. "
                "Please report this.");
  }
  return {};
}

Result<void> Transaction::finish_domains() {
  return guarded("domains were written", [&] { return state_->finish_domains(); });
}

std::shared_ptr<const Snapshot> Transaction::preview(Manifest manifest) const {
  return Snapshot::of(state_->store, std::move(manifest));
}

Result<std::uint64_t> Transaction::commit() {
  return guarded("a commit was made", [&] { return state_->commit(); });
}

// Beside its place, to become durable with all other files.
Result<void> Transaction::State::write_unfinished(const std::string& path, std::string_view text) {
  const std::string unfinished = path + kUnfinishedSuffix;
  if (auto removed = remove_leftover(*store, unfinished); !removed) {
    return removed;
  }
  const auto file = files->create(unfinished);
  if (!file) {
    return pass(file);
  }
  auto put = (*file)->append(std::as_bytes(std::span(text)));
  if (!put) {
    // Before it is closed, so that nobody asks to have it made durable.
    [[maybe_unused]] const auto removed = files->remove(unfinished);
  }
  return put;
}

Result<std::uint64_t> Transaction::State::commit() {
  if (is_spent) {
    return fail(ErrorCode::kInternal,
                "A transaction commits once, whether that succeeds or not. Begin another.");
  }
  is_spent = true;
  if (auto written = finish_domains(); !written) {
    return pass(written);
  }
  drop_unnamed_packs(manifest);
  ++manifest.snapshot;
  manifest.created_at = current_microseconds();
  manifest.next_file_id = next_file_id;
  if (auto checked = check_result(); !checked) {
    return pass(checked);
  }
  const std::string path = manifest_path(manifest.snapshot);
  const std::string out_of_sight = path + kUnfinishedSuffix;
  if (auto written = write_unfinished(path, encode_manifest(manifest)); !written) {
    return pass(written);
  }
  // The commit stands whether or not there is a marker for it: an older one is as true.
  const auto has_marker = write_unfinished(kMarkerPath, marker_text(manifest.snapshot));
  if (auto synced = files->sync_all(); !synced) {
    return pass(synced);
  }
  bool is_visible = false;
  auto committed = guarded("a commit was made",
                           [&] { return publish_manifest(*store, manifest.snapshot, is_visible); });
  if (!committed && is_visible) {
    // Not durable: taken back from sight. Its files stay, since a power cut may bring it back; the
    // next writer removes them once the folder could be synced.
    ending = Ending::kInDoubt;
    [[maybe_unused]] const auto undone = store->rename(path, out_of_sight);
  }
  if (!committed) {
    return pass(committed);
  }
  ending = Ending::kCommitted;
  if (has_marker) {
    [[maybe_unused]] const auto marked =
        guarded("a marker was written", [&] { return publish_marker(*store); });
  }
  return manifest.snapshot;
}

}  // namespace stave
