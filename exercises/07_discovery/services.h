/* services.h: what services tell about themselves, as JSON, and rows of them
 * (rows.h). Given, so that you can think about how to find them.
 *
 *     service_add_row(&rows, service);
 *     ...
 *     rows_print(&rows);
 */
#ifndef SERVICES_H
#define SERVICES_H

#ifndef _POSIX_C_SOURCE
#error "define _POSIX_C_SOURCE as 200809L before the first #include"
#endif

#include "rows.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text of a value, or - where there is none. */
static inline const char *service_text(const cJSON *json, const char *name)
{
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));

    return text != NULL && text[0] != '\0' ? text : "-";
}

static inline double service_number(const cJSON *json, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);

    return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

static inline const char *service_owner(const cJSON *service)
{
    return service_text(cJSON_GetObjectItemCaseSensitive(service, "metadata"),
                        "owner");
}

/* An array; NULL, which is an empty one for cJSON, where there is none. */
static inline const cJSON *service_endpoints(const cJSON *service)
{
    return cJSON_GetObjectItemCaseSensitive(service, "endpoints");
}

/* A service may tell anything. nats.c sends a subject as it is: one with a
 * blank in it would break the connection, one with a newline add commands to
 * it. */
static inline bool service_is_subject(const char *text)
{
    const unsigned char *c = (const unsigned char *)text;

    while (*c > ' ' && *c != 0x7f)
        c++;
    return text[0] != '\0' && *c == '\0';
}

/* The subject of its endpoint of this name; NULL where it has none, or none
 * that may be used. */
static inline const char *service_subject(const cJSON *service,
                                          const char *name)
{
    const cJSON *endpoint;

    cJSON_ArrayForEach(endpoint, service_endpoints(service))
    {
        const char *subject = cJSON_GetStringValue(
            cJSON_GetObjectItemCaseSensitive(endpoint, "subject"));
        if (strcmp(service_text(endpoint, "name"), name) == 0 &&
            subject != NULL && service_is_subject(subject))
            return subject;
    }
    return NULL;
}

/* A row for an answer to $SRV.INFO: OWNER NAME VERSION ID ENDPOINT,ENDPOINT...
 */
static inline void service_add_row(struct rows *rows, const cJSON *service)
{
    const cJSON *endpoint;
    const char *before = "\t";
    FILE *row = rows_begin(rows);

    rows_put(row, "", service_owner(service));
    rows_put(row, "\t", service_text(service, "name"));
    rows_put(row, "\t", service_text(service, "version"));
    rows_put(row, "\t", service_text(service, "id"));
    cJSON_ArrayForEach(endpoint, service_endpoints(service))
    {
        rows_put(row, before, service_text(endpoint, "name"));
        before = ",";
    }
    if (before[0] == '\t')
        rows_put(row, "\t", "-");
    rows_end(rows);
}

/* Rows for an answer to $SRV.STATS, one for each endpoint: OWNER NAME ENDPOINT
 * REQUESTS ERRORS MICROSECONDS */
static inline void service_add_statistics(struct rows *rows,
                                          const cJSON *service)
{
    const cJSON *endpoint;

    cJSON_ArrayForEach(endpoint, service_endpoints(service))
    {
        FILE *row = rows_begin(rows);
        rows_put(row, "", service_owner(service));
        rows_put(row, "\t", service_text(service, "name"));
        rows_put(row, "\t", service_text(endpoint, "name"));
        fprintf(row, "\t%.0f\t%.0f\t%.0f",
                service_number(endpoint, "num_requests"),
                service_number(endpoint, "num_errors"),
                service_number(endpoint, "average_processing_time") / 1000);
        rows_end(rows);
    }
}

#endif
