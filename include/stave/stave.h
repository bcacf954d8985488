/* Stave for C, and for all languages that call C: open a store, import dumps, ask questions, run
 * reports. Results are Arrow C streams, which any library that knows Arrow reads without a copy.
 * Guide with examples: docs/embedding.md; what stays compatible: docs/compatibility.md.
 *
 * Status.  Functions that can fail return STAVE_OK or another stave_status, and then, where `error`
 *   is given, leave an error in it, to be freed by the caller. What they would have made is NULL
 *   then, and a stream that they would have filled has no release callback.
 * Texts.  UTF-8, ended by a zero byte. What a function takes is copied; what belongs to an object
 *   lives as long as that object. NULL where a text must be is STAVE_INVALID_ARGUMENT.
 * Ownership.  What stave_X_new or an output argument gives belongs to the caller, who frees it with
 *   the function of that object, which takes NULL too. Streams, and arrays out of them, are freed
 *   by their own release callbacks and stay valid after stave_close.
 * Threads.  A stave_store may be used from several threads at once, and so may a stave_cancel. A
 *   stream belongs to one thread at a time.
 * Options and parameters.  An array of names and values that ends with the name NULL; NULL for
 *   none. Values are texts. A name that is not known is an error with a suggestion.
 */
#ifndef STAVE_STAVE_H
#define STAVE_STAVE_H

#include <stdint.h>

#if defined(__GNUC__)
#define STAVE_API __attribute__((visibility("default")))
#else
#define STAVE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The interface that this header describes. A library of the same major version (its soname) has
 * all of it: where stave_abi_version() >= STAVE_ABI_VERSION, the program can run. */
#define STAVE_ABI_VERSION 1

/* The Arrow C data and stream interfaces, as their specification has every producer define them:
 * https://arrow.apache.org/docs/format/CDataInterface.html */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */

/* NOLINTBEGIN(modernize-use-using): C has no other way. */

/* Numbers are never used again. */
typedef enum stave_status {
  STAVE_OK = 0,
  STAVE_INVALID_ARGUMENT = 1,  /* wrong use of the interface */
  STAVE_NOT_FOUND = 2,         /* a file, store, table or report that is not there */
  STAVE_ALREADY_EXISTS = 3,    /* would overwrite something */
  STAVE_IO = 4,                /* the operating system said no */
  STAVE_NO_SPACE = 5,          /* disk full or quota reached */
  STAVE_OUT_OF_MEMORY = 6,     /* nothing was changed; trying again may work */
  STAVE_DAMAGED = 7,           /* bytes that are not what was written */
  STAVE_NEWER_FORMAT = 8,      /* written by a later version of Stave */
  STAVE_LOCKED = 9,            /* another writer holds the store */
  STAVE_INVALID_DATA = 10,     /* input that does not fit its table */
  STAVE_TOO_MANY_REJECTS = 11, /* more bad rows than tolerated; nothing was imported */
  STAVE_INVALID_PROGRAM = 12,  /* a query with a fault: see stave_error_line */
  STAVE_OVERFLOW = 13,         /* a number outside its type while running a query */
  STAVE_EVALUATION = 14,       /* any other fault of a query while running */
  STAVE_CANCELLED = 15,        /* stopped by stave_cancel_now */
  STAVE_UNSUPPORTED = 16,      /* understood, but not something this version does */
  STAVE_INTERNAL = 17          /* a fault of Stave itself; please report it */
} stave_status;

typedef struct stave_store stave_store;
typedef struct stave_error stave_error;
typedef struct stave_cancel stave_cancel;

typedef struct stave_option {
  const char* name; /* NULL ends the array */
  const char* value;
} stave_option;

/* NOLINTEND(modernize-use-using) */

/* What the library is. */
STAVE_API int32_t stave_abi_version(void);    /* its STAVE_ABI_VERSION */
STAVE_API const char* stave_version(void);    /* "0.1.0" */
STAVE_API int32_t stave_format_version(void); /* of the stores that it writes */

/* Errors. An accessor of NULL gives STAVE_OK, "" or 0. */
STAVE_API stave_status stave_error_code(const stave_error* error);
STAVE_API const char* stave_status_name(stave_status status); /* "not_found" */
/* A sentence, the values, what to do next. Of a program all its faults, with source lines. */
STAVE_API const char* stave_error_message(const stave_error* error);
/* Of the first fault of a program: "did you mean ...", its code ("E104"), and where it stands, from
 * 1, in characters; "" and 0 for other errors. */
STAVE_API const char* stave_error_hint(const stave_error* error);
STAVE_API const char* stave_error_fault(const stave_error* error);
STAVE_API int32_t stave_error_line(const stave_error* error);
STAVE_API int32_t stave_error_column(const stave_error* error);
STAVE_API int32_t stave_error_length(const stave_error* error);
STAVE_API void stave_error_free(stave_error* error);

/* Stops what runs: every call, and every stream of a call, that was given the token. A token that
 * was cancelled stays so. May be called from any thread, not from a signal handler. May be freed
 * while calls are running. */
STAVE_API stave_cancel* stave_cancel_new(void); /* NULL: out of memory */
STAVE_API void stave_cancel_now(stave_cancel* token);
STAVE_API void stave_cancel_free(stave_cancel* token);

/* Makes the folder `path` an empty store. Options: `schema` (a TOML file; else the built-in schema
 * `music`), `timezone` (IANA, whose days partition the plays; else UTC). */
STAVE_API stave_status stave_create(const char* path, const stave_option* options,
                                    stave_error** error);

/* Opens the last commit of a store, which then stays as it is whatever is committed later: open
 * again to see that. Options: `as_of` (a snapshot's number, or a time in UTC, "2026-11-20T12:00"),
 * and for all questions to it `threads` (0: as many as the machine has) and `memory_limit` (bytes;
 * 0: three quarters of the machine's). */
STAVE_API stave_status stave_open(const char* path, const stave_option* options,
                                  stave_store** store, stave_error** error);
STAVE_API void stave_close(stave_store* store);
/* The number of the commit that is open. */
STAVE_API uint64_t stave_snapshot(const stave_store* store);

/* Imports dumps (CSV, TSV, JSON lines, Parquet; also .gz, .bz2, .zst) into a table of the store at
 * `path`, known by its name or an alias: all files, an array that ends with NULL, are one load,
 * which is in the store as a whole or not at all. What is not said about a file is found out from
 * its content. Options, as those of `stave import`:
 *   max_rejects   bad rows to tolerate: "10" or "0.1%"; else none
 *   rejects       the folder for the files about bad rows; else the current folder
 *   extra         columns that the schema lacks: keep (the default), drop, error
 *   on_duplicate  a key repeated within a file: first (the default), last, error
 *   dedup_key     leave facts out that have the same in these columns (a,b) as one before
 *   create        yes: make the table where the store has none; `key` (a,b) and `time` then say
 *                 what its key and its time are
 *   map           a TOML file that says which column each header stands for
 *   format        csv (any separator) or jsonl
 *   encoding      utf-8, utf-16le, utf-16be, latin-1, windows-1252
 *   separator     between cells        quote   one character, or none
 *   header        yes or no            columns names of the columns of files without one: a,b
 *   null          text of cells that are null; may be given several times
 *   date_format   mdy, dmy, ymd or a pattern        time_zone  of times that name none
 *   decimal_mark  one character                     thousands  one character
 *   again         yes: import files that were imported before too
 *   dry_run       yes: do everything but the commit
 *   threads, memory_limit
 * `report` gets, also where the import fails for what is in the files, one JSON object with the
 * keys of `stave import --summary json`, to be freed with stave_text_free; NULL: not wanted.
 * `cancel` may be NULL. */
STAVE_API stave_status stave_import(const char* path, const char* table, const char* const* files,
                                    const stave_option* options, stave_cancel* cancel,
                                    char** report, stave_error** error);
STAVE_API void stave_text_free(char* text);

/* Runs a program of the query language, which must have one result. The batches come while it runs;
 * releasing the stream stops the run. Parameters are those that the program declares. Options:
 * `now` (ISO time, for now() and today()), `metrics` (the text of declarations of metrics),
 * `origin` (what messages call the program), `skip_damaged` (yes: leave days with damaged files
 * out, with a warning), `threads`, `memory_limit`. `cancel` may be NULL.
 *
 * A program with a fault fails here; a fault of running may also come from the stream. Types: i64
 * is int64, f64 float64, decimal(p,s) decimal128(p,s), string utf8, bool bool, date date32,
 * timestamp timestamp(us, UTC), list list<utf8>; every column may hold nulls. */
STAVE_API stave_status stave_query(stave_store* store, const char* program,
                                   const stave_option* parameters, const stave_option* options,
                                   stave_cancel* cancel, struct ArrowArrayStream* out,
                                   stave_error** error);
/* The same for a report by its name, "kpi.daily_genre". */
STAVE_API stave_status stave_report(stave_store* store, const char* name,
                                    const stave_option* parameters, const stave_option* options,
                                    stave_cancel* cancel, struct ArrowArrayStream* out,
                                    stave_error** error);

/* What a store has.
 *   tables   table, kind (fact, dimension), rows, bytes, first_day, last_day
 *   columns  table, column, type, is_key, leads_to; of one table, or of all (NULL)
 *   reports  report, summary, parameters ("from: date = ..., k: i64 = 5") */
STAVE_API stave_status stave_tables(stave_store* store, struct ArrowArrayStream* out,
                                    stave_error** error);
STAVE_API stave_status stave_columns(stave_store* store, const char* table,
                                     struct ArrowArrayStream* out, stave_error** error);
STAVE_API stave_status stave_reports(stave_store* store, struct ArrowArrayStream* out,
                                     stave_error** error);

/* Of a stream of this library that has not been released: why get_schema or get_next failed last,
 * to be freed by the caller (NULL: they did not), and the warnings of its run, a line each,
 * complete once the stream is at its end ("" for none; lives until the next call for this stream).
 */
STAVE_API stave_error* stave_stream_error(struct ArrowArrayStream* stream);
STAVE_API const char* stave_stream_warnings(struct ArrowArrayStream* stream);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* STAVE_STAVE_H */
