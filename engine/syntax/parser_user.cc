// Users: passwords, status, home database and authentication providers.
#include "syntax/parser_state.h"

namespace nexus::syntax {

UserSettings Parser::user_settings(bool is_create) {
  UserSettings settings;
  bool any = false;
  while (!error_) {
    if (!is_create && accept_word("REMOVE")) user_removal(settings);
    else if (!user_setting(settings)) break;
    any = true;
  }
  if (!any && !is_create) fail_expected("SET or REMOVE");
  return settings;
}

void Parser::user_removal(UserSettings& settings) {
  if (accept_words({"HOME", "DATABASE"})) {
    settings.remove_home = true;
  } else if (accept_words({"ALL", "AUTH"})) {
    accept_any_word({"PROVIDER", "PROVIDERS"});
    settings.remove_all_auth = true;
  } else {
    expect_word("AUTH");
    accept_any_word({"PROVIDER", "PROVIDERS"});
    settings.remove_auth.push_back(expression_value());
  }
}

bool Parser::user_setting(UserSettings& settings) {
  if (at_word("CHANGE")) {  // After SET PASSWORD 'x', SET may be left out.
    settings.change_required = change_required();
    return true;
  }
  if (!accept_word("SET")) return false;
  if (at_words({"PASSWORD", "CHANGE"})) {
    take();
    settings.change_required = change_required();
  } else if (at_any_word({"PLAINTEXT", "ENCRYPTED", "PASSWORD"})) {
    settings.encrypted = accept_word("ENCRYPTED");
    accept_word("PLAINTEXT");
    expect_word("PASSWORD");
    settings.password = string_or_parameter("a password");
  } else if (accept_word("STATUS")) {
    settings.suspended = at_word("SUSPENDED");
    if (!accept_any_word({"ACTIVE", "SUSPENDED"})) fail_expected("ACTIVE or SUSPENDED");
  } else if (accept_words({"HOME", "DATABASE"})) {
    settings.home = symbolic_name("a database name");
  } else if (accept_word("AUTH")) {
    accept_word("PROVIDER");
    settings.auth.push_back(user_auth());
  } else {
    fail_expected("PASSWORD, STATUS, HOME DATABASE or AUTH");
  }
  return true;
}

// CHANGE [NOT] REQUIRED
bool Parser::change_required() {
  expect_word("CHANGE");
  const bool negated = accept_word("NOT");
  expect_word("REQUIRED");
  return !negated;
}

UserAuth Parser::user_auth() {
  UserAuth auth;
  const ExpressionPtr provider = string_literal();
  auth.provider = std::get<StringLiteral>(provider->node).value;
  expect(Kind::LeftBrace, "{");
  while (accept_word("SET")) {
    if (accept_word("ID")) {
      auth.id = string_or_parameter("an id");
    } else if (at_words({"PASSWORD", "CHANGE"})) {
      take();
      auth.change_required = change_required();
    } else {
      auth.encrypted = accept_word("ENCRYPTED");
      accept_word("PLAINTEXT");
      expect_word("PASSWORD");
      auth.password = string_or_parameter("a password");
    }
  }
  expect(Kind::RightBrace, "}");
  return auth;
}

}  // namespace nexus::syntax
