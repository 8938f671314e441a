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

std::string tag_of(const SharedVariable& variable) { return "gridstride_shared_" + variable.name; }

/// `T& x = shared<T, tag>();`
std::string binding(const SharedDeclaration& declaration, const SharedVariable& variable) {
  const std::string tag = tag_of(variable);
  const std::string alignment = declaration.alignment.empty() ? "" : ", alignof(" + tag + ")";
  const std::string value = declaration.is_extern ? "dynamic_shared<" + variable.type + alignment
                                                  : "shared<" + variable.type + ", " + tag + alignment;
  return variable.reference + " = ::gridstride::emulator::" + value + ">();";
}

std::string local_variable(const SharedDeclaration& declaration, const SharedVariable& variable) {
  const bool tagged = !declaration.is_extern || !declaration.alignment.empty();
  return (tagged ? tag_definition(declaration, tag_of(variable)) : "") + binding(declaration, variable);
}

/// `extern __shared__ T s[];` outside of any function: an object that finds the running block's memory.
std::string dynamic_variable(const Source& source, std::size_t i, const SharedVariable& variable,
                             std::set<std::string>& declared) {
  // Such a declaration may be repeated, an object may not.
  if (!declared.insert(std::to_string(source.parent(i)) + variable.name).second) return "";
  std::string element = variable.type;
  if (const std::size_t dimensions = element.rfind("[]"); dimensions != std::string::npos)
    element.resize(dimensions);
  return "inline ::gridstride::emulator::DynamicShared<" + element + "> " + variable.name + ';';
}

/// `__shared__ T s;` outside of any function: every function that names it is given the reference.
std::string namespace_variable(const Source& source, Edits& edits, const SharedDeclaration& declaration,
                               const SharedVariable& variable) {
  for (std::size_t body = declaration.end; (body = next_function_body(source, body)) != kNone;
       body = source.match(body)) {
    if (!mentions(source, body, source.match(body), variable.name)) continue;
    if (mentions(source, head_begin(source, body), body, variable.name)) continue;  // its parameter
    edits.insert(source[body].end, ' ' + binding(declaration, variable));
    capture_by_reference(source, edits, body + 1, variable.name);
  }
  return tag_definition(declaration, tag_of(variable));
}

void rewrite_declaration(const Source& source, Edits& edits, std::size_t i, std::set<std::string>& declared) {
  const SharedDeclaration declaration = parse_shared(source, i);
  const bool local = !at_namespace_scope(source, i);
  std::string text;
  for (const SharedVariable& variable : declaration.variables) {
    if (!text.empty()) text += ' ';
    text += local                   ? local_variable(declaration, variable)
            : declaration.is_extern ? dynamic_variable(source, i, variable, declared)
                                    : namespace_variable(source, edits, declaration, variable);
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
