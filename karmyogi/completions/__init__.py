"""What officers have enrolled in and finished."""
