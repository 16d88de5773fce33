from tests.orchard_fixtures import app, he, li, orchard, orchard_database, orchard_file, qian, sun, zhao, zhou

__all__ = ["app", "he", "li", "orchard", "orchard_database", "orchard_file", "qian", "sun", "zhao", "zhou"]
