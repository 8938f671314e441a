#include "emulator/translator/ptx_emit.hpp"

#include <algorithm>
#include <set>

#include "emulator/translator/ptx_parse.hpp"
#include "emulator/translator/ptx_table.hpp"

namespace gridstride::translator::ptx {
namespace {

const std::string kNamespace = "gridstride_ptx::";

[[noreturn]] void refuse(const std::string& what,
                         const std::string& why = " is not offered by the emulator") {
  throw NotOffered("inline PTX '" + what + '\'' + why);
}

/// A register's name as C++ takes it: its characters, % and $ spelled out.
std::string variable(std::string_view name) {
  std::string out = "r_";
  for (const char c : name) {
    if (c == '%') {
      out += "p_";
    } else if (c == '$' || c == '.') {
      out += "_d_";
    } else {
      out += c;
    }
  }
  return out;
}

/// 0f3f800000, 1.5, 0x1F, -3U
std::string literal(std::string_view text) {
  const std::string_view digits = text.substr(text[0] == '-');
  const std::string_view prefix = digits.substr(0, 2);
  if (prefix == "0f" || prefix == "0F" || prefix == "0d" || prefix == "0D") {
    const char* type = prefix[1] == 'f' || prefix[1] == 'F' ? "f32" : "f64";
    return kNamespace + "bits_of<" + kNamespace + type + ">(0x" + std::string(digits.substr(2)) + "u)";
  }
  const bool hexadecimal = prefix == "0x" || prefix == "0X";
  if (!hexadecimal && digits.find_first_of(".eE") != std::string_view::npos) {
    return kNamespace + "Real{" + std::string(text) + '}';
  }
  if (digits.back() == 'U') return literal(text.substr(0, text.size() - 1));
  return kNamespace + "Integer{" + std::string(text) + "ull}";
}

class Emitter {
 public:
  explicit Emitter(Surroundings surroundings) : surroundings_(surroundings), scopes_(1) {}

  void emit(const Statement& s) {
    switch (s.kind) {
      case Statement::Kind::open:
        scopes_.emplace_back();
        out_ += "{ ";
        break;
      case Statement::Kind::close:
        if (scopes_.size() == 1) refuse("}", " closes nothing");
        scopes_.pop_back();
        out_ += "} ";
        break;
      case Statement::Kind::declaration:
        declare(s);
        break;
      case Statement::Kind::instruction:
        if (!s.guard.empty()) out_ += "if (" + source(s.guard[0]) + ") ";
        instruction(s);
        break;
    }
  }

  std::string finish() {
    if (scopes_.size() != 1) refuse("{", " is not closed in the same asm statement");
    return (carry_ ? "bool gridstride_carry = false; " : "") + out_;
  }

 private:
  void declare(const Statement& s) {
    const std::string_view type = std::string_view(s.opcode).substr(!s.opcode.empty());
    if (!is_type(type)) refuse(".reg " + s.opcode);
    for (const Operand& name : s.operands) {
      scopes_.back().insert(name.text);
      out_ += "[[maybe_unused]] " + kNamespace + "Register<" + kNamespace + std::string(type) + "> " +
              variable(name.text) + "; ";
    }
  }

  void instruction(const Statement& s) {
    if (s.opcode == "exit") {
      out_ += surroundings_.in_kernel ? "return; " : kNamespace + "exit(); ";
      return;
    }
    const Call call = look_up(s.opcode);
    if (call.function.empty()) refuse(s.opcode);
    shared_ = call.shared;
    auto operand = s.operands.begin();
    if (call.shape != Shape::effect) {
      if (operand == s.operands.end()) refuse(s.opcode, " lacks operands");
      out_ += target(*operand++) + " = ";
    }
    out_ += kNamespace + call.function + template_arguments(call) + '(';
    const char* separator = "";
    if (call.shape == Shape::carries || call.shape == Shape::carried) {
      if (call.shape == Shape::carried && !carry_) {
        refuse(s.opcode, " needs a carry from another asm statement, which the emulator does not keep");
      }
      carry_ = true;
      out_ += "gridstride_carry";
      separator = ", ";
    }
    if (names_barrier(s.opcode)) {
      if (operand == s.operands.end() || operand->text != "0")
        refuse(s.opcode, " is offered for barrier 0 only");
      const std::ptrdiff_t votes = call.shape == Shape::value;
      if (s.operands.end() - ++operand != votes) refuse(s.opcode, " is offered for whole blocks only");
    }
    for (; operand != s.operands.end(); ++operand) {
      out_ += separator + source(*operand);
      separator = ", ";
      if (call.from_global) shared_ = false;
    }
    out_ += "); ";
  }

  static bool names_barrier(std::string_view opcode) {
    return opcode.substr(0, 3) == "bar" && opcode.substr(0, 9) != "bar.warp.";
  }

  static std::string template_arguments(const Call& call) {
    std::string out;
    for (const std::string& type : call.types) out += (out.empty() ? "<" : ", ") + kNamespace + type;
    for (std::size_t i = 0; i < call.mods.size(); ++i) {
      out += (i > 0 ? " | " : out.empty() ? "<" : ", ") + kNamespace + "Mod::" + call.mods[i];
    }
    return out.empty() ? out : out + '>';
  }

  bool is_declared(const std::string& name) const {
    return std::any_of(scopes_.begin(), scopes_.end(),
                       [&](const auto& scope) { return scope.count(name) > 0; });
  }

  std::string target(const Operand& o) const {
    switch (o.kind) {
      case Operand::Kind::vector:
        return kNamespace + "vector(" + list(o) + ')';
      case Operand::Kind::pair:
        return kNamespace + "Both{" + target(o.parts[0]) + ", " + target(o.parts[1]) + '}';
      case Operand::Kind::name:
        if (o.text == "_") return kNamespace + "Nowhere{}";
        if (!is_declared(o.text)) refuse(o.text, " is no register of this asm statement");
        return variable(o.text);
      case Operand::Kind::numbered:
        return source(o);
      default:
        refuse(o.text, " cannot be a result");
    }
  }

  std::string source(const Operand& o) const { return (o.negated ? "!" : "") + positive(o); }

  std::string positive(const Operand& o) const {
    switch (o.kind) {
      case Operand::Kind::literal:
        return literal(o.text);
      case Operand::Kind::numbered:
        if (o.text.size() > 3 || std::stoul(o.text) >= surroundings_.operands)
          refuse('%' + o.text, " is no operand");
        return "gridstride_" + std::to_string(std::stoul(o.text));
      case Operand::Kind::vector:
        return kNamespace + "vector(" + list(o) + ')';
      case Operand::Kind::address:
        return kNamespace + (shared_ ? "shared_address(" : "address(") + source(o.parts[0]) + ", " + o.text +
               ')';
      case Operand::Kind::pair:
        return source(o.parts[0]) + ", " + source(o.parts[1]);
      case Operand::Kind::name:
        break;
    }
    if (is_declared(o.text)) return variable(o.text);
    if (o.text == "WARP_SZ") return kNamespace + "Integer{32}";
    const std::string special = special_register(o.text);
    if (special.empty())
      refuse(o.text, " is neither a register nor a special register that the emulator has");
    return kNamespace + "Integer{" + special + '}';
  }

  std::string list(const Operand& vector) const {
    std::string out;
    for (const Operand& part : vector.parts) {
      const bool nowhere = part.kind == Operand::Kind::name && part.text == "_";
      out += (out.empty() ? "" : ", ") + (nowhere ? target(part) : source(part));
    }
    return out;
  }

  Surroundings surroundings_;
  std::vector<std::set<std::string>> scopes_;
  std::string out_;
  bool carry_ = false;   // an instruction before this one has set the flag
  bool shared_ = false;  // addresses of the instruction at hand
};

}  // namespace

bool is_text(std::string_view text) {
  const std::string_view opcode = first_opcode(text);
  for (const std::string_view alone : {".reg", "trap", "brkpt", "exit"}) {
    if (opcode == alone) return true;
  }
  for (std::size_t dot = opcode.find('.'); dot != std::string_view::npos && dot > 0;) {
    const std::size_t next = opcode.find('.', dot + 1);
    if (is_opcode(opcode.substr(0, dot)) || is_type(opcode.substr(dot + 1, next - dot - 1))) return true;
    dot = next;
  }
  return false;
}

std::string to_cpp(std::string_view text, Surroundings surroundings) {
  Emitter emitter(surroundings);
  try {
    for (const Statement& statement : parse(text)) emitter.emit(statement);
  } catch (const ParseError& error) {
    refuse(error.what(), " is not understood by the emulator");
  }
  return emitter.finish();
}

}  // namespace gridstride::translator::ptx
