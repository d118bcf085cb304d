#include "function/families.h"

namespace nexus::function {
namespace {

std::string type_list(TypeSet types) {
  std::string names;
  for (unsigned bit = 0; bit <= static_cast<unsigned>(kTypeLast); ++bit) {
    if ((types >> bit & 1) == 0) continue;
    if (!names.empty()) names += " or ";
    names += type_name(static_cast<Type>(bit));
  }
  return names;
}

Error wrong_type(const ScalarFunction& function, const Parameter& parameter, const Value& argument) {
  std::string message(function.name);
  message += "() expects ";
  message += type_list(parameter.types);
  message += " for `";
  message += parameter.name;
  message += "`, not ";
  message += type_name(argument.type());
  return Error{ErrorCode::InvalidArgumentValue, std::move(message)};
}

}  // namespace

Result<Value> call_scalar(const ScalarFunction& function, CallContext& context, Arguments arguments) {
  const auto& parameters = function.parameters;
  NX_DCHECK(arguments.size() <= parameters.size() || function.variadic);
  if (function.null_in_null_out) {
    for (const Value& argument : arguments) {
      if (argument.is_null()) return Value::null();
    }
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Parameter& parameter = i < parameters.size() ? parameters[i] : parameters.back();
    if (arguments[i].is_null() || (parameter.types & type_bit(arguments[i].type())) != 0) continue;
    return wrong_type(function, parameter, arguments[i]);
  }
  return function.call(context, arguments);
}

Result<> check_room(CallContext& context, std::uint64_t bytes) {
  constexpr std::uint64_t kSmallBytes = 4096;
  if (bytes <= kSmallBytes) return Done{};
  NX_TRY_DO(context.budget.charge(bytes));
  context.budget.release(bytes);
  return Done{};
}

}  // namespace nexus::function
