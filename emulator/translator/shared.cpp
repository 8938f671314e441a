#include <set>

#include "emulator/translator/captures.hpp"
#include "emulator/translator/passes.hpp"
#include "emulator/translator/shared_declaration.hpp"
#include "emulator/translator/walk.hpp"

namespace gridstride::translator {
namespace {

/// A type of its own for every variable, and another one for every instantiation of a template around it.
std::string tag_definition(const SharedDeclaration& declaration, const std::string& tag) {
  return "struct " + (declaration.alignment.empty() ? "" : declaration.alignment + ' ') + tag + " {}; ";
}

std::string local_variable(const SharedDeclaration& declaration, const SharedVariable& variable) {
  const std::string tag = "gridstride_shared_" + variable.name;
  const bool aligned = !declaration.alignment.empty();
  std::string value;
  if (declaration.is_extern) {
    value = "dynamic_shared<" + variable.type + (aligned ? ", alignof(" + tag + ")" : "") + ">()";
    return (aligned ? tag_definition(declaration, tag) : "") + variable.reference +
           " = ::gridstride::emulator::" + value + ';';
  }
  value = "shared<" + variable.type + ", " + tag + (aligned ? ", alignof(" + tag + ")" : "") + ">()";
  return tag_definition(declaration, tag) + variable.reference + " = ::gridstride::emulator::" + value + ';';
}

/// `extern __shared__ T s[];` outside of any function: an object that finds the running block's memory.
std::string namespace_variable(const Source& source, std::size_t i, const SharedDeclaration& declaration,
                               const SharedVariable& variable, std::set<std::string>& declared) {
  if (!declaration.is_extern) {
    fail(source, i,
         "__shared__ '" + variable.name + "' stands outside of a function; declare it in the kernel");
  }
  // Such a declaration may be repeated, an object may not.
  if (!declared.insert(std::to_string(source.parent(i)) + variable.name).second) return "";
  std::string element = variable.type;
  if (const std::size_t dimensions = element.rfind("[]"); dimensions != std::string::npos)
    element.resize(dimensions);
  return "inline ::gridstride::emulator::DynamicShared<" + element + "> " + variable.name + ';';
}

void rewrite_declaration(const Source& source, Edits& edits, std::size_t i, std::set<std::string>& declared) {
  const SharedDeclaration declaration = parse_shared(source, i);
  const bool local = !at_namespace_scope(source, i);
  std::string text;
  for (const SharedVariable& variable : declaration.variables) {
    if (!text.empty()) text += ' ';
    text += local ? local_variable(declaration, variable)
                  : namespace_variable(source, i, declaration, variable, declared);
    if (local) capture_by_reference(source, edits, declaration.end, variable.name);
  }
  std::size_t from = declaration.first;
  if (declaration.class_key != kNone) {
    edits.replace(source[from].begin, source[declaration.class_key].begin,
                  line_structure(source, from, declaration.class_key));
    if (declaration.class_unnamed) {
      edits.insert(source[declaration.class_key].end, ' ' + declaration.class_name);
    }
    from = declaration.class_close;
    text = "; " + text;
  }
  const std::size_t begin = declaration.class_key == kNone ? source[from].begin : source[from].end;
  edits.replace(begin, source[declaration.end].end, text + line_structure(source, from, declaration.end));
}

}  // namespace

void rewrite_shared(const Source& source, Edits& edits) {
  std::set<std::string> declared;
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (!source.is(i, "__shared__")) continue;
    if (source.parent(i) != kNone && source.mark(source.parent(i)) != '{') {
      edits.replace(source[i].begin, source[i].end, "");  // on a parameter it says nothing
    } else {
      rewrite_declaration(source, edits, i, declared);
    }
  }
}

}  // namespace gridstride::translator
