#include "core/commands/embedding_choices.h"

namespace oodml::commands {

void add_embedding_choices(CLI::App& command, embedding_files::Choices& choices, CLI::Option* file) {
  auto* label_column = command.add_option("--label-column", choices.label_column,
                                          "Heading, or number from 1, of the label's column; by default the one named "
                                          "label, class or target, else the last "
                                          "of a table");
  auto* skip_columns = command.add_option("--skip-columns", choices.skip_columns,
                                          "Headings or numbers of columns that are no dimensions, with commas; none "
                                          "for none. By default those whose heading "
                                          "says row number, id or path");
  auto* heading = command.add_option_function<std::string>(
      "--heading", [&choices](const std::string& word) { choices.heading = word == "yes"; },
      "Whether the first line of a table names the columns; by default judged by what it holds");
  auto* array = command.add_option("--array", choices.array,
                                   "Array of the embeddings in .npz and .safetensors, if not `embeddings`");
  auto* label_array =
      command.add_option("--label-array", choices.label_array, "Array of the labels there, if not `labels`");
  label_column->type_name("NAME|NUMBER");
  skip_columns->type_name("NAME|NUMBER,...")->delimiter(',')->allow_extra_args(false);  // a file may follow
  heading->type_name("yes|no")->check(CLI::IsMember({"yes", "no"}));
  for (CLI::Option* option : {array, label_array}) option->type_name("NAME");
  for (CLI::Option* option : {label_column, skip_columns, heading, array, label_array}) {
    option->group(kEmbeddingChoices);
    if (file != nullptr) option->needs(file);
  }
}

}  // namespace oodml::commands
