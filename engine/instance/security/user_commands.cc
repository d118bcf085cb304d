// CREATE, ALTER, RENAME and DROP USER.
#include <algorithm>

#include "instance/database_name.h"
#include "instance/security/commands.h"
#include "instance/system/admin.h"

namespace nexus::instance::security {
namespace {

constexpr std::size_t kUsersMax = 20'000;
constexpr std::size_t kUserNameBytesMax = 128;
constexpr std::size_t kPasswordBytesMin = 8;
constexpr std::size_t kPasswordBytesMax = 1'024;

Error no_user(std::string_view verb, std::string_view name) {
  return cannot_change(verb, "user", name, "User does not exist.", ErrorCode::UserNotFound);
}

Result<std::string> checked_user_name(const syntax::SymbolicName& written, const CommandContext& context) {
  NX_TRY(std::string name, name_value(written, context.parameters));
  const bool is_plain = std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < '\x7f' && c != ',' && c != ':'; });
  if (!name.empty() && name.size() <= kUserNameBytesMax && is_plain) return name;
  return Error(ErrorCode::InvalidArgument,
               "The user name '" + printable_name(name) + "' is not valid: it has 1 to 128 printable ASCII characters, none of them ',' or ':'.",
               written.position);
}

Result<std::string> password_text(const syntax::Expression& written, const CommandContext& context) {
  NX_TRY(const Value value, literal_value(written, context.parameters));
  if (!value.is(Type::String)) return Error(ErrorCode::InvalidArgumentType, "A password must be a STRING.", written.position);
  return std::string(value.string());
}

// What is kept of a new password.
Result<std::string> new_password(std::string_view user, const syntax::Expression& written, bool is_encrypted,
                                 const CommandContext& context) {
  NX_TRY(const std::string text, password_text(written, context));
  Logins& logins = context.security.logins();
  if (is_encrypted) {
    if (logins.is_hash(text)) return text;
    return Error(ErrorCode::InvalidArgument, "The encrypted password is not in a known form: '<version>,<hash>,<salt>' with hash and salt in hexadecimal.",
                 written.position);
  }
  if (text.size() < kPasswordBytesMin || text.size() > kPasswordBytesMax) {
    return Error(ErrorCode::InvalidArgument, "A password has 8 to 1,024 bytes.", written.position);
  }
  return logins.hash(user, text);
}

// The password that the command sets, in either spelling; null when it sets none.
struct PasswordChange {
  const syntax::Expression* password = nullptr;
  bool is_encrypted = false;
  std::optional<bool> change_required;
};

Result<PasswordChange> password_change(const syntax::UserSettings& settings, const CommandContext& context) {
  const auto refuse = [&](std::string_view what) { return system::not_implemented(what, context.position); };
  if (settings.remove_all_auth || !settings.remove_auth.empty()) {
    return refuse("A user without a password (SET STATUS SUSPENDED keeps somebody out)");
  }
  PasswordChange change{settings.password.get(), settings.encrypted, settings.change_required};
  for (const syntax::UserAuth& auth : settings.auth) {
    if (auth.provider != "native") return refuse("An authentication provider other than 'native'");
    if (auth.id) return Error(ErrorCode::InvalidArgument, "The provider 'native' has no ID.", auth.id->position);
    if (auth.password && change.password != nullptr) {
      return Error(ErrorCode::InvalidArgument, "The password is set twice.", auth.password->position);
    }
    if (auth.password) {
      change.password = auth.password.get();
      change.is_encrypted = auth.encrypted;
    }
    if (auth.change_required) change.change_required = auth.change_required;
  }
  return change;
}

Result<> apply(const syntax::UserSettings& settings, const CommandContext& context, User& user) {
  if (settings.suspended) user.is_suspended = *settings.suspended;
  if (settings.remove_home) user.home.clear();
  if (!settings.home) return Done{};
  NX_TRY(const std::string name, name_value(*settings.home, context.parameters));
  user.home = fold_database_name(name);
  return Done{};
}

bool is_oneself(const CommandContext& context, const User& user) {
  return !context.identity.account.empty() && context.identity.account == user.account;
}

Result<> require_for(const syntax::UserSettings& settings, const PasswordChange& password, const CommandContext& context) {
  Rights rights = 0;
  if (password.password != nullptr || password.change_required) rights |= right::kSetPassword;
  if (settings.suspended) rights |= right::kSetUserStatus;
  if (settings.home || settings.remove_home) rights |= right::kSetUserHome;
  return context.require(rights, "Altering a user");
}

}  // namespace

Outcome create_user(const syntax::CreateUser& command, const CommandContext& context) {
  NX_TRY_DO(context.require(right::kCreateUser | (command.or_replace ? right::kDropUser : 0), "Creating a user"));
  NX_TRY(const std::string name, checked_user_name(command.name, context));
  NX_TRY(const PasswordChange password, password_change(command.settings, context));
  if (password.password == nullptr) {
    return Error(ErrorCode::InvalidArgument, "CREATE USER needs SET PASSWORD.", context.position);
  }
  User user;
  user.name = name;
  user.must_change_password = password.change_required.value_or(true);
  NX_TRY_DO(apply(command.settings, context, user));
  NX_TRY(user.password, new_password(name, *password.password, password.is_encrypted, context));
  return context.security.change([&](Security::Edit& edit) -> Outcome {
    const User* old = edit.table().user(name);
    if (old != nullptr && command.if_not_exists) return std::uint64_t{0};
    if (old != nullptr && !command.or_replace) {
      return cannot_change("create", "user", name, "User already exists.", ErrorCode::UserExists);
    }
    if (old != nullptr && is_oneself(context, *old)) {
      return cannot_change("replace", "user", name, "Deleting yourself is not allowed.", ErrorCode::SelfDeletion);
    }
    if (old == nullptr && edit.table().users.size() >= kUsersMax) {
      return Error(ErrorCode::LimitExceeded, "An instance has at most 20,000 users.");
    }
    const std::uint64_t changes = old == nullptr ? 1 : 2;
    if (old != nullptr) edit.erase_user(name);
    user.account = edit.new_id();
    edit.put(user);
    return changes;
  });
}

Outcome alter_user(const syntax::AlterUser& command, const CommandContext& context) {
  NX_TRY(const std::string name, name_value(command.name, context.parameters));
  NX_TRY(const PasswordChange password, password_change(command.settings, context));
  NX_TRY_DO(require_for(command.settings, password, context));
  std::string hash;
  if (password.password != nullptr) { NX_TRY(hash, new_password(name, *password.password, password.is_encrypted, context)); }
  return context.security.change([&](Security::Edit& edit) -> Outcome {
    const User* old = edit.table().user(name);
    if (old == nullptr && command.if_exists) return std::uint64_t{0};
    if (old == nullptr) return no_user("alter", name);
    if (is_oneself(context, *old) && command.settings.suspended.value_or(false)) {
      return cannot_change("alter", "user", name, "Changing your own activation status is not allowed.", ErrorCode::SelfSuspension);
    }
    User user = *old;
    NX_TRY_DO(apply(command.settings, context, user));
    if (!hash.empty()) user.password = hash;
    if (password.change_required) user.must_change_password = *password.change_required;
    edit.put(std::move(user));
    return std::uint64_t{1};
  });
}

// Everybody may, also with a password that must change; wrong ones count as failed logins.
Outcome alter_current_user(const syntax::AlterCurrentUser& command, const CommandContext& context) {
  if (context.identity.account.empty()) {
    return Error(ErrorCode::UserNotFound,
                 "User '" + printable_name(context.identity.user) + "' is the server's own and not one of the instance: its password is in the server's settings.",
                 context.position);
  }
  NX_TRY(const std::string old_password, password_text(command.old_password, context));
  NX_TRY(const std::string text, password_text(command.new_password, context));
  const TablePtr table = context.security.table();
  const User* known = table->account(context.identity.account);
  if (known == nullptr || known->is_suspended) return wrong_password();
  NX_TRY_DO(context.security.authenticate(known->name, old_password));
  if (text == old_password) {
    return Error(ErrorCode::InvalidArgument, "The new password is the old one.", command.new_password.position);
  }
  NX_TRY(const std::string hash, new_password(known->name, command.new_password, false, context));
  return context.security.change([&](Security::Edit& edit) -> Outcome {
    const User* now = edit.table().account(context.identity.account);
    if (now == nullptr || now->is_suspended || now->password != known->password) return wrong_password();
    User user = *now;
    user.password = hash;
    user.must_change_password = false;
    edit.put(std::move(user));
    return std::uint64_t{1};
  });
}

Outcome rename_user(const syntax::RenameUser& command, const CommandContext& context) {
  NX_TRY_DO(context.require(right::kRenameUser, "Renaming a user"));
  NX_TRY(const std::string name, name_value(command.name, context.parameters));
  NX_TRY(const std::string new_name, checked_user_name(command.new_name, context));
  return context.security.change([&](Security::Edit& edit) -> Outcome {
    const User* old = edit.table().user(name);
    if (old == nullptr && command.if_exists) return std::uint64_t{0};
    if (old == nullptr) return no_user("rename", name);
    if (edit.table().user(new_name) != nullptr) {
      return cannot_change("rename", "user", name, "User '" + printable_name(new_name) + "' already exists.", ErrorCode::UserExists);
    }
    User user = *old;
    user.name = new_name;
    edit.rename_user(name, std::move(user));
    return std::uint64_t{1};
  });
}

Outcome drop_user(const syntax::DropUser& command, const CommandContext& context) {
  NX_TRY_DO(context.require(right::kDropUser, "Dropping a user"));
  NX_TRY(const std::string name, name_value(command.name, context.parameters));
  return context.security.change([&](Security::Edit& edit) -> Outcome {
    const User* old = edit.table().user(name);
    if (old == nullptr && command.if_exists) return std::uint64_t{0};
    if (old == nullptr) return no_user("delete", name);
    if (is_oneself(context, *old)) {
      return cannot_change("delete", "user", name, "Deleting yourself is not allowed.", ErrorCode::SelfDeletion);
    }
    edit.erase_user(name);
    return std::uint64_t{1};
  });
}

}  // namespace nexus::instance::security
