#include "emulator/translator/translate.hpp"

namespace gridstride::translator {

TranslateError::TranslateError(Location where, std::string message)
    : std::runtime_error(where.file + ':' + std::to_string(where.line) + ": " + message),
      where(std::move(where)),
      message(std::move(message)) {}

void fail(const Source& source, std::size_t token, const std::string& message) {
  throw TranslateError(source.locate(source[token].begin), message);
}

std::string translate(std::string_view preprocessed, std::string_view name, Linkage linkage) {
  const Source source(preprocessed, name);
  Edits edits;
  if (linkage == Linkage::internal) make_internal(source, edits);
  rewrite_keywords(source, edits);
  hide_newer_names(source, edits);
  name_member_templates(source, edits);
  rewrite_kernels(source, edits);
  rewrite_shared(source, edits);
  rewrite_launches(source, edits);
  rewrite_kernel_casts(source, edits);
  rewrite_ptx(source, edits);
  rewrite_polls(source, edits);
  return edits.apply(preprocessed);
}

}  // namespace gridstride::translator
