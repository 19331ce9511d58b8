#include "model/region.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* In degrees; north and east are positive. */
struct place {
	double latitude;
	double longitude;
};

/*
 * X(name, metropolis, latitude, longitude) of each region.  Two lists are made
 * of this one: a search for the nearest name wants names alone.
 */
#define REGIONS(X)                                                    \
	X("africa-south1", "Johannesburg", -26.20, 28.05)             \
	X("asia-east1", "Changhua County, Taiwan", 24.05, 120.52)     \
	X("asia-east2", "Hong Kong", 22.32, 114.17)                   \
	X("asia-northeast1", "Tokyo", 35.68, 139.69)                  \
	X("asia-northeast2", "Osaka", 34.69, 135.50)                  \
	X("asia-northeast3", "Seoul", 37.57, 126.98)                  \
	X("asia-south1", "Mumbai", 19.08, 72.88)                      \
	X("asia-south2", "Delhi", 28.61, 77.21)                       \
	X("asia-southeast1", "Jurong West, Singapore", 1.34, 103.71)  \
	X("asia-southeast2", "Jakarta", -6.21, 106.85)                \
	X("asia-southeast3", "Bangkok", 13.76, 100.50)                \
	X("australia-southeast1", "Sydney", -33.87, 151.21)           \
	X("australia-southeast2", "Melbourne", -37.81, 144.96)        \
	X("europe-central2", "Warsaw", 52.23, 21.01)                  \
	X("europe-north1", "Hamina, Finland", 60.57, 27.20)           \
	X("europe-north2", "Stockholm", 59.33, 18.07)                 \
	X("europe-southwest1", "Madrid", 40.42, -3.70)                \
	X("europe-west1", "Saint-Ghislain, Belgium", 50.45, 3.82)     \
	X("europe-west2", "London", 51.51, -0.13)                     \
	X("europe-west3", "Frankfurt", 50.11, 8.68)                   \
	X("europe-west4", "Eemshaven, Netherlands", 53.44, 6.83)      \
	X("europe-west6", "Zurich", 47.38, 8.54)                      \
	X("europe-west8", "Milan", 45.46, 9.19)                       \
	X("europe-west9", "Paris", 48.86, 2.35)                       \
	X("europe-west10", "Berlin", 52.52, 13.40)                    \
	X("europe-west12", "Turin", 45.07, 7.69)                      \
	X("me-central1", "Doha", 25.29, 51.53)                        \
	X("me-central2", "Dammam", 26.42, 50.09)                      \
	X("me-west1", "Tel Aviv", 32.09, 34.78)                       \
	X("northamerica-northeast1", "Montreal", 45.50, -73.57)       \
	X("northamerica-northeast2", "Toronto", 43.65, -79.38)        \
	X("northamerica-south1", "Queretaro, Mexico", 20.59, -100.39) \
	X("southamerica-east1", "Osasco, Sao Paulo", -23.53, -46.79)  \
	X("southamerica-west1", "Santiago", -33.45, -70.67)           \
	X("us-central1", "Council Bluffs, Iowa", 41.26, -95.86)       \
	X("us-east1", "Moncks Corner, South Carolina", 33.20, -80.01) \
	X("us-east4", "Ashburn, Northern Virginia", 39.04, -77.49)    \
	X("us-east5", "Columbus, Ohio", 39.96, -83.00)                \
	X("us-south1", "Dallas", 32.78, -96.80)                       \
	X("us-west1", "The Dalles, Oregon", 45.60, -121.18)           \
	X("us-west2", "Los Angeles", 34.05, -118.24)                  \
	X("us-west3", "Salt Lake City", 40.76, -111.89)               \
	X("us-west4", "Las Vegas", 36.17, -115.14)

#define NAME(name, metropolis, latitude, longitude)  name,
#define PLACE(name, metropolis, latitude, longitude) {latitude, longitude},

const char *const region_names[] = {REGIONS(NAME)};
const size_t region_count = sizeof(region_names) / sizeof(region_names[0]);

static const struct place places[] = {REGIONS(PLACE)};

static int16_t
ten_thousandths(double value)
{
	return (int16_t)lround(value * 10000);
}

static struct position
position_of(const struct place *place)
{
	const double radian = acos(-1) / 180;
	const double latitude = place->latitude * radian;
	const double longitude = place->longitude * radian;

	return (struct position){
	    .x = ten_thousandths(cos(latitude) * cos(longitude)),
	    .y = ten_thousandths(cos(latitude) * sin(longitude)),
	    .z = ten_thousandths(sin(latitude)),
	};
}

bool
region_position(const char *name, struct position *out)
{
	for (size_t i = 0; i < region_count; i++) {
		if (strcmp(region_names[i], name) == 0) {
			*out = position_of(&places[i]);
			return true;
		}
	}
	return false;
}
