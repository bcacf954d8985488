/* A store from C: make it, import dumps, read the answers as Arrow C streams.
 *   plays_in_c FOLDER      makes FOLDER/music.stave */
#include <stave/stave.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Takes the error's place, since the call that fills it is an argument too. */
static void stop_on(stave_status status, stave_error** error) {
  if (status == STAVE_OK) return;
  fprintf(stderr, "%s: %s\n", stave_status_name(status), stave_error_message(*error));
  stave_error_free(*error);
  exit(1);
}

static int is_null(const struct ArrowArray* column, int64_t row) {
  const unsigned char* bits = column->buffers[0];
  row += column->offset;
  return bits != NULL && (bits[row / 8] >> (row % 8) & 1) == 0;
}

/* int64, utf8 and date32 are all that the questions below give. */
static void print_cell(const struct ArrowSchema* type, const struct ArrowArray* column,
                       int64_t row) {
  const int64_t place = row + column->offset;
  if (is_null(column, row)) {
    printf("-");
  } else if (strcmp(type->format, "l") == 0) {
    printf("%lld", (long long)((const int64_t*)column->buffers[1])[place]);
  } else if (strcmp(type->format, "tdD") == 0) {
    printf("day %d", (int)((const int32_t*)column->buffers[1])[place]);
  } else if (strcmp(type->format, "u") == 0) {
    const int32_t* ends = column->buffers[1];
    const char* text = column->buffers[2];
    printf("%.*s", (int)(ends[place + 1] - ends[place]), text + ends[place]);
  }
}

/* Reads a stream to its end and releases it. */
static int print_stream(struct ArrowArrayStream* stream) {
  struct ArrowSchema schema;
  struct ArrowArray batch;
  int failed = stream->get_schema(stream, &schema);
  while (!failed) {
    failed = stream->get_next(stream, &batch);
    if (failed || batch.release == NULL) break;
    for (int64_t row = 0; row < batch.length; ++row) {
      for (int64_t column = 0; column < batch.n_children; ++column) {
        printf("%s", column == 0 ? "" : " ");
        print_cell(schema.children[column], batch.children[column], row);
      }
      printf("\n");
    }
    batch.release(&batch);
  }
  if (failed) fprintf(stderr, "%s\n", stream->get_last_error(stream));
  if (schema.release != NULL) schema.release(&schema);
  stream->release(stream);
  return failed;
}

int main(int count, char** arguments) {
  char path[4096];
  char dump[4096];
  stave_error* error = NULL;
  stave_store* store = NULL;
  struct ArrowArrayStream stream;
  if (count < 2 || stave_abi_version() < STAVE_ABI_VERSION) return 2;
  snprintf(path, sizeof path, "%s/music.stave", arguments[1]);
  snprintf(dump, sizeof dump, "%s/streams.csv", arguments[1]);

  FILE* file = fopen(dump, "w");
  if (file == NULL) return 2;
  fputs(
      "user_id,track_id,listen_time\n1,a,2025-05-01 10:00:00\n2,a,2025-05-01 11:00:00\n"
      "2,b,2025-05-02 09:30:00\n",
      file);
  fclose(file);

  stop_on(stave_create(path, NULL, &error), &error);
  const char* const files[] = {dump, NULL};
  const stave_option import[] = {{"max_rejects", "0.1%"}, {"separator", ","}, {NULL, NULL}};
  stop_on(stave_import(path, "streams", files, import, NULL, NULL, &error), &error);

  const stave_option limits[] = {{"threads", "2"}, {NULL, NULL}};
  stop_on(stave_open(path, limits, &store, &error), &error);
  const stave_option parameters[] = {{"track", "a"}, {NULL, NULL}};
  stop_on(stave_query(store,
                      "param track: string; from streams | where track_id == $track "
                      "| summarize plays = count() by day | sort day",
                      parameters, NULL, NULL, &stream, &error),
          &error);
  if (print_stream(&stream) != 0) return 1;

  const stave_option top[] = {{"k", "1"}, {NULL, NULL}};
  stop_on(stave_report(store, "kpi.top_tracks", top, NULL, NULL, &stream, &error), &error);
  if (print_stream(&stream) != 0) return 1;

  /* A fault of a program says where it stands. */
  if (stave_query(store, "from streams | where user == 1", NULL, NULL, NULL, &stream, &error) ==
      STAVE_INVALID_PROGRAM) {
    printf("%s at line %d, column %d\n", stave_error_fault(error), (int)stave_error_line(error),
           (int)stave_error_column(error));
  }
  stave_error_free(error);
  stave_close(store);
  return 0;
}
