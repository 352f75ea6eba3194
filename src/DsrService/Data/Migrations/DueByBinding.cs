using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0004_due_by_binding")]
internal sealed class DueByBinding : SqlMigration
{
    protected override string File => "0004_due_by_binding.sql";
}
