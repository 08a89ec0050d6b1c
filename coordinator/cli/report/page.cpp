#include "coordinator/cli/report/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/utf8.h"

namespace oodml::cli::report {
namespace {

constexpr const char* kLook = R"css(
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 62rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; border-bottom: 1px solid #ccc; }
p, li { max-width: 48rem; }
a { color: #00568a; }
code { font-size: .9em; overflow-wrap: anywhere; }
.quiet { color: #555; font-size: .9rem; }
.missing { border-left: 4px solid #d55e00; background: #fdf3ec; padding: .4rem .8rem; margin: 1rem 0; }
.missing ul, nav ul { margin: .2rem 0; padding-left: 1.2rem; }
nav { columns: 18rem; margin: 1rem 0; }
figure { margin: 1.5rem 0; }
figure img { max-width: 100%; height: auto; display: block; margin: 0 auto; }
figcaption { font-size: .9rem; margin-top: .4rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; border-top: 2px solid #1a1a1a; border-bottom: 2px solid #1a1a1a; }
th { border-bottom: 1px solid #1a1a1a; }
th, td { padding: .15rem .6rem; text-align: left; white-space: nowrap; }
.r { text-align: right; }
.c { text-align: center; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, .files { display: none; }
  figure { break-inside: avoid; }
  h2 { break-after: avoid; }
  a { color: inherit; text-decoration: none; }
  .scroll { overflow: visible; }
  table { font-size: 7pt; }
  th, td { padding: .1rem .3rem; }
}
)css";

std::string listed(const std::vector<std::string>& items) {
  std::string text = "<ul>";
  for (const std::string& item : items) text += "<li>" + html_escaped(item) + "</li>\n";
  return text + "</ul>";
}

std::string missing_box(const std::string& title, const std::vector<std::string>& items) {
  if (items.empty()) return "";
  return "<div class=\"missing\"><strong>" + title + "</strong>" + listed(items) + "</div>\n";
}

std::string anchor(std::size_t section) { return fmt::format("s{}", section + 1); }

/// "pdf csv gp", each a link to the file of that ending.
std::string files(const std::string& name, const std::vector<std::string>& endings) {
  std::string text = "<span class=\"files quiet\"> [";
  for (std::size_t i = 0; i < endings.size(); ++i) {
    text += fmt::format("{0}<a href=\"{1}.{2}\">{2}</a>", i == 0 ? "" : " ", html_escaped(name), endings[i]);
  }
  return text + "]</span>";
}

std::string shown(const std::string& name, const std::string& file, const std::string& caption,
                  const std::vector<std::string>& endings) {
  const std::string image = file.empty() ? ""
                                         : fmt::format("<a href=\"{0}\"><img src=\"{0}\" alt=\"{1}\"></a>\n",
                                                       html_escaped(file), html_escaped(caption));
  return fmt::format("<figure id=\"{}\">\n{}<figcaption>{}{}</figcaption>\n</figure>\n", html_escaped(name), image,
                     html_escaped(caption), files(name, endings));
}

std::string figure_html(const figures::Figure& figure, bool drawn) {
  return drawn ? shown(figure.name, figure.name + ".svg", figure.caption, {"pdf", "svg", "csv", "gp"})
               : shown(figure.name, "", figure.caption + " (not drawn: gnuplot NAME.gp makes it)", {"csv", "gp"});
}

std::string picture_html(const Picture& picture) {
  std::vector<std::string> endings;
  for (const auto& file : picture.files) endings.push_back(file.extension().string().substr(1));
  std::string image;
  for (const char* ending : {"png", "svg"}) {
    if (std::ranges::find(endings, ending) != endings.end()) image = picture.name + "." + ending;
  }
  return shown(picture.name, image, picture.caption, endings);
}

const char* side(const std::string& align, std::size_t column) {
  const char letter = column < align.size() ? align[column] : 'l';
  return letter == 'r' ? " class=\"r\"" : letter == 'c' ? " class=\"c\"" : "";
}

std::string row_html(const std::vector<std::string>& cells, const std::string& align, const char* tag) {
  std::string text = "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    text += fmt::format("<{0}{1}>{2}</{0}>", tag, side(align, i), html_escaped(cells[i]));
  }
  return text + "</tr>\n";
}

std::string table_html(const Table& table) {
  std::string text = fmt::format(
      "<figure id=\"{}\">\n<figcaption>{}{}</figcaption>\n<div class=\"scroll\"><table>\n<thead>{}</thead>\n<tbody>\n",
      html_escaped(table.name), html_escaped(table.caption), files(table.name, {"csv", "tex"}),
      row_html(table.heading, table.align, "th"));
  for (const auto& row : table.rows) text += row_html(row, table.align, "td");
  return text + "</tbody></table></div>\n</figure>\n";
}

std::string section_html(const Section& section, std::size_t number, bool drawn) {
  std::string text = fmt::format("<section>\n<h2 id=\"{}\">{}</h2>\n", anchor(number), html_escaped(section.title));
  for (const std::string& paragraph : section.paragraphs) text += "<p>" + html_escaped(paragraph) + "</p>\n";
  text += missing_box("Missing here", section.missing);
  for (const figures::Figure& figure : section.figures) text += figure_html(figure, drawn);
  for (const Picture& picture : section.pictures) text += picture_html(picture);
  for (const Table& table : section.tables) text += table_html(table);
  for (const Table& table : section.data)
    text += "<p>" + html_escaped(table.caption) + ":" + files(table.name, {"csv"}) + "</p>\n";
  return text + "</section>\n";
}

std::string contents_html(const Document& document) {
  std::string text = "<nav aria-label=\"Contents\"><ul>\n";
  for (std::size_t i = 0; i < document.sections.size(); ++i) {
    const Section& section = document.sections[i];
    text += fmt::format("<li><a href=\"#{}\">{}</a>{}</li>\n", anchor(i), html_escaped(section.title),
                        section.missing.empty() ? "" : " <span class=\"quiet\">(something is missing)</span>");
  }
  return text + "</ul></nav>\n";
}

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string result;
  for (const char c : to_valid_utf8(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return result;
}

std::string page_html(const Document& document, const Heading& heading, bool drawn) {
  const std::string title = html_escaped(document.title);
  std::string text = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<header>\n"
      "<h1>{0}</h1>\n<p class=\"quiet\">oodml report --kind {2}, {3}</p>\n",
      title, kLook, html_escaped(heading.kind), html_escaped(heading.made));
  text += listed(heading.sweeps) + "\n";
  for (const std::string& choice : heading.choices) text += "<p class=\"quiet\">" + html_escaped(choice) + "</p>\n";
  text += missing_box("What is missing", heading.missing) + "</header>\n";
  text += contents_html(document) + "<main>\n";
  for (std::size_t i = 0; i < document.sections.size(); ++i) text += section_html(document.sections[i], i, drawn);
  return text + "</main>\n<footer class=\"quiet\"><p>Made by <code>" + html_escaped(heading.command) +
         "</code></p></footer>\n</body>\n</html>\n";
}

}  // namespace oodml::cli::report
