// `stave fmt`: a program in its one layout.
#include "stave/program.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"
#include "tools/cli/program_run.h"
#include "tools/cli/program_text.h"

namespace stave::cli {
namespace {

struct FormatArguments {
  ProgramSource source;
  bool in_place = false;
  bool check = false;
};

int run(const FormatArguments& arguments, const GlobalOptions& options) {
  const std::string& file = arguments.source.file;
  if (arguments.in_place && (file.empty() || file == "-")) {
    return report_error({ErrorCode::kInvalidArgument,
                         "--in-place writes a file anew: name it with -f, for example "
                         "`stave fmt -f monthly.stq --in-place`."},
                        options);
  }
  const auto program = read_program(arguments.source);
  if (!program) {
    return report_error(program.error(), options);
  }
  std::vector<Diagnostic> faults;
  const auto laid = format_program(program->text, program->origin, &faults);
  if (!laid) {
    return report_error(laid.error(), options, faults);
  }
  if (arguments.check) {
    return *laid == program->text ? kDone : kFailed;
  }
  if (!arguments.in_place) {
    return print_text(*laid, options);
  }
  if (*laid == program->text) {
    return kDone;
  }
  GlobalOptions into = options;
  into.output_path = file;
  return print_text(*laid, into);
}

}  // namespace

Command add_fmt(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<FormatArguments>();
  CLI::App* parser = add_command(
      root, options, "fmt", "Lay a program out",
      "A short pipeline stays on a line, others get a line for each stage. Words, comments and "
      "blank\nlines between statements stay. Doing it twice changes nothing.",
      "  stave fmt 'from streams|summarize plays=count() by day'\n"
      "  stave fmt -f monthly.stq --in-place\n"
      "  stave fmt -f monthly.stq --check\n");
  add_program_source(*parser, arguments->source);
  CLI::Option* in_place = parser->add_flag("--in-place", arguments->in_place,
                                           "Write FILE anew, where its layout differs");
  parser
      ->add_flag("--check", arguments->check, "Print nothing; exit code 1 where the layout differs")
      ->excludes(in_place);
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
