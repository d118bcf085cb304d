// A plan's text (plan/printer.cc) as the tree that protocols send.
#pragma once

#include <string_view>

#include "nexus/value.h"

namespace nexus::service {

// {operatorType, identifiers, children} and, under `arguments_key`, what else the line says; null for no text.
Value plan_tree(std::string_view text, const char* arguments_key);

}  // namespace nexus::service
