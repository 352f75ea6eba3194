using Npgsql;

namespace DsrService.Connectors.Sql;

/// <summary>What a database said, as stable codes. Its own words may quote rows and go nowhere.</summary>
internal static class SqlErrors
{
    private static readonly Dictionary<string, string> Codes = new(StringComparer.Ordinal)
    {
        [PostgresErrorCodes.UndefinedTable] = "sql.mapping_unfit",
        [PostgresErrorCodes.UndefinedColumn] = "sql.mapping_unfit",
        [PostgresErrorCodes.UndefinedFunction] = "sql.mapping_unfit",
        [PostgresErrorCodes.InvalidSchemaName] = "sql.mapping_unfit",
        [PostgresErrorCodes.NotNullViolation] = "sql.mapping_unfit",
        [PostgresErrorCodes.InsufficientPrivilege] = "sql.not_permitted",
        [PostgresErrorCodes.ReadOnlySqlTransaction] = "sql.not_permitted",
        [PostgresErrorCodes.ForeignKeyViolation] = "sql.still_referenced",
        [PostgresErrorCodes.StringDataRightTruncation] = "sql.value_does_not_fit",
        [PostgresErrorCodes.InvalidTextRepresentation] = "sql.value_does_not_fit",
        [PostgresErrorCodes.CheckViolation] = "sql.value_does_not_fit",
        [PostgresErrorCodes.UniqueViolation] = "sql.value_does_not_fit",
        [PostgresErrorCodes.InvalidDatetimeFormat] = "sql.value_does_not_fit",
        [PostgresErrorCodes.DatetimeFieldOverflow] = "sql.value_does_not_fit",
        [PostgresErrorCodes.NumericValueOutOfRange] = "sql.value_does_not_fit",
        [PostgresErrorCodes.QueryCanceled] = "sql.timeout",
        [PostgresErrorCodes.InvalidPassword] = "sql.sign_in_refused",
        [PostgresErrorCodes.InvalidAuthorizationSpecification] = "sql.sign_in_refused",
    };

    public static string Code(Exception error) => error switch
    {
        PostgresException { SqlState: var state } => Codes.GetValueOrDefault(state) ?? (IsAway(state) ? "sql.unreachable" : "sql.refused"),
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => "sql.timeout",
        NpgsqlException => "sql.unreachable",
        _ => "sql.failed",
    };

    // Connection exceptions, and servers that stop, start or give up.
    private static bool IsAway(string state) => state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal);
}
