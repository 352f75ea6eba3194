using DsrService.Demo.Stores;
using Npgsql;

namespace DsrService.Demo.Systems;

/// <summary>What the demo remembers beside the stores: receipts given, how systems are told to behave, mail caught.</summary>
internal static class DemoTables
{
    public static async Task Lay(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Sql.Run(connection, """
            select pg_advisory_xact_lock(hashtext('demo'));
            create schema if not exists demo;
            create table if not exists demo.receipt (task_id uuid primary key, action text not null, receipt text not null);
            create table if not exists demo.behaviour (
                controller text not null, system text not null, behaviour text not null, primary key (controller, system));
            create or replace function demo.told(controller text, system text) returns text language sql stable as
                $$ select behaviour from demo.behaviour b where b.controller = told.controller and b.system = told.system $$;
            create table if not exists demo.peer_request (
                id uuid primary key, controller text not null, system text not null, type text not null, task text not null, callback text,
                status text not null, answer text, received_at timestamptz not null);
            create table if not exists demo.peer_result (
                request uuid not null, part text not null, category text not null, content_type text not null, content bytea not null, primary key (request, part));
            create table if not exists demo.mail (
                id bigint generated always as identity primary key, message_id text not null unique, recipient text not null,
                subject text not null, body text not null, html text, caught_at timestamptz not null);
            create index if not exists mail_recipient on demo.mail (lower(recipient), id desc);
            """, cancel);
        await transaction.CommitAsync(cancel);
    }
}
