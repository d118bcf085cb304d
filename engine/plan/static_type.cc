#include "plan/static_type.h"

namespace nexus::plan {

StaticType type_of(const Value& constant) {
  if (constant.is_null()) return {};
  if (!constant.is(Type::List)) return one(constant.type());
  function::TypeSet elements = 0;
  for (const Value& item : constant.list()) {
    elements |= item.is_null() ? function::kAny : function::type_bit(item.type());
  }
  return list_of(elements == 0 ? function::kAny : elements);
}

std::string types_text(function::TypeSet types) {
  constexpr int kTypeCount = static_cast<int>(kTypeLast) + 1;
  std::string text;
  for (int index = 1; index < kTypeCount; ++index) {
    const Type type = static_cast<Type>(index);
    if ((types & function::type_bit(type)) == 0) continue;
    if (!text.empty()) text += " or ";
    text += type_name(type);
  }
  return text;
}

}  // namespace nexus::plan
