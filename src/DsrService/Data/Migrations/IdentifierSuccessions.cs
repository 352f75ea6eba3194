using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0015_identifier_successions")]
internal sealed class IdentifierSuccessions : SqlMigration
{
    protected override string File => "0015_identifier_successions.sql";
}
