// The one table of error codes: name, kind, Neo4j status (after "Neo."), GQLSTATUS.
//
// Names follow the details of the openCypher TCK where it has one. Add rows at the
// end of their section; each row has a test that provokes it.
#pragma once

// clang-format off
#define NX_ERROR_CODES(X)                                                                              \
  /* Refused while reading the text. */                                                                \
  X(UnexpectedSyntax,                SyntaxError, "ClientError.Statement.SyntaxError", "42001")        \
  X(InvalidUnicodeLiteral,           SyntaxError, "ClientError.Statement.SyntaxError", "22N05")        \
  X(InvalidUnicodeCharacter,         SyntaxError, "ClientError.Statement.SyntaxError", "42001")        \
  X(InvalidNumberLiteral,            SyntaxError, "ClientError.Statement.SyntaxError", "42001")        \
  X(IntegerOverflow,                 SyntaxError, "ClientError.Statement.SyntaxError", "22003")        \
  X(FloatingPointOverflow,           SyntaxError, "ClientError.Statement.SyntaxError", "22003")        \
  X(NestingTooDeep,                  SyntaxError, "ClientError.Statement.SyntaxError", "42001")        \
  X(QueryTooLong,                    SyntaxError, "ClientError.Statement.SyntaxError", "42001")        \
  /* Refused while binding names and checking types. */                                                \
  X(UndefinedVariable,               SyntaxError, "ClientError.Statement.SyntaxError", "42N62")        \
  X(VariableAlreadyBound,            SyntaxError, "ClientError.Statement.SyntaxError", "42N59")        \
  X(VariableTypeConflict,            SyntaxError, "ClientError.Statement.SyntaxError", "22N27")        \
  X(InvalidArgumentTypeSyntax,       SyntaxError, "ClientError.Statement.SyntaxError", "22N27")        \
  X(InvalidAggregation,              SyntaxError, "ClientError.Statement.SyntaxError", "42I18")        \
  X(NestedAggregation,               SyntaxError, "ClientError.Statement.SyntaxError", "42I18")        \
  X(AmbiguousAggregationExpression,  SyntaxError, "ClientError.Statement.SyntaxError", "42I18")        \
  X(ColumnNameConflict,              SyntaxError, "ClientError.Statement.SyntaxError", "42N38")        \
  X(CreatingVarLength,               SyntaxError, "ClientError.Statement.SyntaxError", "42001")        \
  X(DifferentColumnsInUnion,         SyntaxError, "ClientError.Statement.SyntaxError", "42N39")        \
  X(InvalidArgumentPassingMode,      SyntaxError, "ClientError.Statement.SyntaxError", "42001")        \
  X(InvalidClauseComposition,        SyntaxError, "ClientError.Statement.SyntaxError", "42N24")        \
  X(InvalidDelete,                   SyntaxError, "ClientError.Statement.SyntaxError", "42001")        \
  X(InvalidNumberOfArguments,        SyntaxError, "ClientError.Statement.SyntaxError", "42I13")        \
  X(InvalidParameterUse,             SyntaxError, "ClientError.Statement.SyntaxError", "42001")        \
  X(InvalidRelationshipPattern,      SyntaxError, "ClientError.Statement.SyntaxError", "42001")        \
  X(NegativeIntegerArgument,         SyntaxError, "ClientError.Statement.SyntaxError", "22N02")        \
  X(NoExpressionAlias,               SyntaxError, "ClientError.Statement.SyntaxError", "42N21")        \
  X(NoSingleRelationshipType,        SyntaxError, "ClientError.Statement.SyntaxError", "42001")        \
  X(NoVariablesInScope,              SyntaxError, "ClientError.Statement.SyntaxError", "42001")        \
  X(NonConstantExpression,           SyntaxError, "ClientError.Statement.SyntaxError", "42001")        \
  X(RelationshipUniquenessViolation, SyntaxError, "ClientError.Statement.SyntaxError", "42001")        \
  X(RequiresDirectedRelationship,    SyntaxError, "ClientError.Statement.SyntaxError", "42001")        \
  X(UnknownFunction,                 SyntaxError, "ClientError.Statement.SyntaxError", "42N48")        \
  X(ProcedureNotFound,               ProcedureError, "ClientError.Procedure.ProcedureNotFound", "42N08") \
  X(MissingParameter,                ParameterMissing, "ClientError.Statement.ParameterMissing", "42N51") \
  X(NotImplemented,                  SyntaxError, "ClientError.Statement.UnsupportedOperationError", "51N31") \
  X(MisplacedUse,                    SyntaxError, "ClientError.Statement.SyntaxError", "42N73")        \
  X(UseMismatch,                     SyntaxError, "ClientError.Statement.SyntaxError", "42NA5")        \
  X(UnknownColumn,                   SyntaxError, "ClientError.Statement.SyntaxError", "42N62")        \
  /* Raised while running a statement. */                                                              \
  X(NegativeIntegerArgumentRuntime,  SyntaxError, "ClientError.Statement.SyntaxError", "22N02")        \
  X(InvalidArgumentTypeRuntime,      SyntaxError, "ClientError.Statement.SyntaxError", "22N01")        \
  X(InvalidArgumentType,             TypeError, "ClientError.Statement.TypeError", "22G03")            \
  X(InvalidArgumentValue,            TypeError, "ClientError.Statement.TypeError", "22N01")            \
  X(InvalidPropertyType,             TypeError, "ClientError.Statement.TypeError", "22N01")            \
  X(MapElementAccessByNonString,     TypeError, "ClientError.Statement.TypeError", "22N01")            \
  X(ArgumentTypeMismatch,            ArgumentError, "ClientError.Statement.ArgumentError", "22N01")    \
  X(NumberOutOfRange,                ArgumentError, "ClientError.Statement.ArgumentError", "22003")    \
  X(InvalidArgument,                 ArgumentError, "ClientError.Statement.ArgumentError", "22N11")    \
  X(DivisionByZero,                  ArithmeticError, "ClientError.Statement.ArithmeticError", "22012") \
  X(NumericOverflow,                 ArithmeticError, "ClientError.Statement.ArithmeticError", "22003") \
  X(DeletedEntityAccess,             EntityNotFound, "ClientError.Statement.EntityNotFound", "22N35")  \
  X(EntityNotFound,                  EntityNotFound, "ClientError.Statement.EntityNotFound", "22N35")  \
  X(DeleteConnectedNode,             ConstraintVerificationFailed, "ClientError.Schema.ConstraintValidationFailed", "G1001") \
  X(MergeReadOwnWrites,              SemanticError, "ClientError.Statement.SemanticError", "22N31")    \
  X(InvalidRegularExpression,        ArgumentError, "ClientError.Statement.SyntaxError", "22N11")      \
  X(ProcedureCallFailed,             ProcedureError, "ClientError.Procedure.ProcedureCallFailed", "52N37") \
  /* About databases. */                                                                               \
  X(DatabaseNotFound,                DatabaseError, "ClientError.Database.DatabaseNotFound", "22N51")  \
  X(NoSuchDatabase,                  DatabaseError, "ClientError.Database.DatabaseNotFound", "42N00") /* Administration's. */ \
  X(GraphNotFound,                   DatabaseError, "ClientError.Database.DatabaseNotFound", "42N00")  \
  X(DatabaseExists,                  DatabaseError, "ClientError.Database.ExistingDatabaseFound", "42N11") \
  X(DatabaseUnavailable,             DatabaseError, "TransientError.General.DatabaseUnavailable", "08N09") \
  X(DatabaseFailed,                  DatabaseError, "DatabaseError.Database.UnableToStartDatabase", "51N40") \
  X(DatabaseLimitReached,            DatabaseError, "DatabaseError.Database.DatabaseLimitReached", "51N55") \
  X(DatabaseHasAliases,              DatabaseError, "ClientError.Database.ExistingAliasFound", "42N82") \
  X(InvalidDatabaseName,             DatabaseError, "ClientError.Statement.SyntaxError", "22N82")      \
  X(SystemDatabaseImmutable,         DatabaseError, "ClientError.General.InvalidArguments", "51N69")   \
  X(DefaultDatabaseImmutable,        DatabaseError, "ClientError.General.InvalidArguments", "51N69")   \
  X(NotAllowedOnSystemDatabase,      SyntaxError, "ClientError.Statement.SyntaxError", "42N17")        \
  X(NotSystemDatabase,               DatabaseError, "ClientError.Statement.NotSystemDatabaseError", "51N28") \
  X(UnsupportedAdministration,       DatabaseError, "ClientError.Statement.UnsupportedAdministrationCommand", "51N27") \
  X(InvalidOption,                   DatabaseError, "ClientError.General.InvalidArguments", "22N04")   \
  X(AliasNotFound,                   DatabaseError, "ClientError.Database.DatabaseNotFound", "42N00")  \
  X(InvalidAliasName,                DatabaseError, "ClientError.Statement.SyntaxError", "22N82")      \
  X(AliasTargetIsComposite,          DatabaseError, "ClientError.General.InvalidArguments", "42NA6")   \
  X(IllegalAliasChain,               DatabaseError, "ClientError.Database.IllegalAliasChain", "08N14") \
  X(AliasConversion,                 DatabaseError, "ClientError.General.InvalidArguments", "22N91")   \
  X(InvalidDriverSetting,            DatabaseError, "ClientError.General.InvalidArguments", "42N89")   \
  X(RemoteAliasUnsupported,          DatabaseError, "ClientError.Statement.UnsupportedOperationError", "51N31") \
  X(AmbiguousDatabaseName,           DatabaseError, "ClientError.Database.ExistingDatabaseFound", "42N87") \
  X(CompositeDatabaseImmutable,      DatabaseError, "ClientError.General.InvalidArguments", "42N90")   \
  X(DefaultDatabaseRunning,          DatabaseError, "ClientError.General.InvalidArguments", "51N49")   \
  X(ConstituentNotFound,             DatabaseError, "ClientError.Database.DatabaseNotFound", "42N01")  \
  X(CompositeFromOutside,            SyntaxError, "ClientError.Statement.SyntaxError", "42N04")        \
  X(OutsideFromComposite,            SyntaxError, "ClientError.Statement.SyntaxError", "42N05")        \
  X(NotComposite,                    SyntaxError, "ClientError.Statement.SyntaxError", "42N72")        \
  X(NestedUseMismatch,               SyntaxError, "ClientError.Statement.SyntaxError", "42N74")        \
  X(GraphFunctionOutsideUse,         SyntaxError, "ClientError.Statement.SyntaxError", "42N75")        \
  X(GraphAccessOnComposite,          SyntaxError, "ClientError.Statement.SyntaxError", "42NA1")        \
  X(ElementIdGraphNotFound,          DatabaseError, "ClientError.Database.DatabaseNotFound", "42NA7")  \
  X(EntityFromOtherGraph,            TypeError, "ClientError.Statement.TypeError", "22N16")            \
  X(SecondWriter,                    TransactionError, "ClientError.Statement.AccessMode", "42N03")    \
  X(PrimariesOutOfRange,             DatabaseError, "ClientError.General.InvalidArguments", "51N52")   \
  X(SecondariesOutOfRange,           DatabaseError, "ClientError.General.InvalidArguments", "51N53")   \
  /* About transactions and sessions. */                                                               \
  X(WriteInReadAccess,               TransactionError, "ClientError.Statement.AccessMode", "42N02")    \
  X(WriteOnReadOnlyDatabase,         TransactionError, "ClientError.General.WriteOnReadOnlyAccessDatabase", "42N18") \
  X(TransactionConflict,             TransactionError, "TransientError.Transaction.Outdated", "25N15") \
  X(TransactionTypeForbidden,        TransactionError, "ClientError.Transaction.ForbiddenDueToTransactionType", "25N01") \
  X(BatchesInTransaction,            TransactionError, "DatabaseError.Transaction.TransactionStartFailed", "25N17") \
  X(TransactionTerminated,           TransactionError, "ClientError.Transaction.Terminated", "25N14")  \
  X(TransactionTimedOut,             TransactionError, "ClientError.Transaction.TransactionTimedOut", "25N14") \
  X(TransactionNotFound,             TransactionError, "ClientError.Transaction.TransactionNotFound", "25N04") \
  X(TransactionAlreadyOpen,          TransactionError, "ClientError.Transaction.TransactionAccessedConcurrently", "25N03") \
  X(CommitOutcomeUnknown,            TransactionError, "DatabaseError.Transaction.TransactionCommitFailed", "2DN01") \
  X(SessionNotFound,                 TransactionError, "ClientError.Request.Invalid", "08N10")         \
  X(Unauthorized,                    SecurityError, "ClientError.Security.Unauthorized", "42NFC")      \
  X(Forbidden,                       SecurityError, "ClientError.Security.Forbidden", "42NFF")         \
  X(CredentialsExpired,              SecurityError, "ClientError.Security.CredentialsExpired", "42NFD") \
  X(TooManyLogins,                   SecurityError, "ClientError.Security.AuthenticationRateLimit", "42NFC") \
  X(UserNotFound,                    SecurityError, "ClientError.General.InvalidArguments", "42N09")   \
  X(UserExists,                      SecurityError, "ClientError.General.InvalidArguments", "42N12")   \
  X(RoleNotFound,                    SecurityError, "ClientError.General.InvalidArguments", "42N10")   \
  X(RoleExists,                      SecurityError, "ClientError.General.InvalidArguments", "42N13")   \
  X(SelfSuspension,                  SecurityError, "ClientError.General.InvalidArguments", "42N98")   \
  X(SelfDeletion,                    SecurityError, "ClientError.General.InvalidArguments", "42N99")   \
  X(InvalidRequest,                  ArgumentError, "ClientError.Request.InvalidFormat", "08N06")      \
  X(InvalidBookmark,                 TransactionError, "ClientError.Transaction.InvalidBookmark", "08N12") \
  /* About bytes, disks and limits. */                                                                 \
  X(Corruption,                      StorageError, "DatabaseError.General.StorageDamageDetected", "50N00") \
  X(IoError,                         StorageError, "DatabaseError.General.UnknownError", "50N00")      \
  X(FileNotFound,                    StorageError, "DatabaseError.General.UnknownError", "50N00")      \
  X(FileLocked,                      StorageError, "ClientError.General.InvalidArguments", "50N00")    \
  X(DiskFull,                        StorageError, "TransientError.General.TransactionOutOfMemoryError", "53100") \
  X(FormatTooNew,                    StorageError, "DatabaseError.General.StorageDamageDetected", "50N00") \
  X(MemoryLimit,                     ResourceError, "TransientError.General.MemoryPoolOutOfMemoryError", "51N72") \
  X(LimitExceeded,                   ResourceError, "ClientError.General.InvalidArguments", "51N74")   \
  X(TooManyRequests,                 ResourceError, "TransientError.Request.NoThreadsAvailable", "51N73") \
  X(TooManyTransactions,             ResourceError, "TransientError.Transaction.MaximumTransactionLimitReached", "51N74") \
  X(Internal,                        InternalError, "DatabaseError.General.UnknownError", "50N42") \
  /* About indexes and constraints. */                                                                 \
  X(UniquenessViolation,             ConstraintVerificationFailed, "ClientError.Schema.ConstraintValidationFailed", "22N79") \
  X(PresenceViolation,               ConstraintVerificationFailed, "ClientError.Schema.ConstraintValidationFailed", "22N77") \
  X(PropertyTypeViolation,           ConstraintVerificationFailed, "ClientError.Schema.ConstraintValidationFailed", "22N78") \
  X(ConstraintCreationFailed,        ConstraintVerificationFailed, "ClientError.Schema.ConstraintCreationFailed", "50N11") \
  X(IndexAlreadyExists,              DatabaseError, "ClientError.Schema.IndexAlreadyExists", "22N70")  \
  X(IndexNameTaken,                  DatabaseError, "ClientError.Schema.IndexWithNameAlreadyExists", "22N71") \
  X(IndexNotFound,                   DatabaseError, "ClientError.Schema.IndexNotFound", "22N69")       \
  X(IndexBelongsToConstraint,        DatabaseError, "ClientError.Schema.ForbiddenOnConstraintIndex", "22N73") \
  X(ConstraintAlreadyExists,         DatabaseError, "ClientError.Schema.ConstraintAlreadyExists", "22N65") \
  X(ConstraintConflict,              DatabaseError, "ClientError.Schema.ConstraintAlreadyExists", "22N66") \
  X(ConstraintNameTaken,             DatabaseError, "ClientError.Schema.ConstraintWithNameAlreadyExists", "22N67") \
  X(ConstraintNotFound,              DatabaseError, "ClientError.Schema.ConstraintNotFound", "22N68")  \
  X(RepeatedSchemaToken,             DatabaseError, "ClientError.Schema.RepeatedPropertyInCompositeSchema", "22N75")
// clang-format on
